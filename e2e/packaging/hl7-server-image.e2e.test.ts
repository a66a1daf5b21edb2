import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ToolImage,
  buildToolImage,
  openContainerNetwork,
  openTestbed,
} from '@orthanc-tools/orthanc-testbed';

const testbed = await openTestbed();
const onEngine = testbed.provider === 'containers' ? describe : describe.skip;

onEngine('[engine] the image of the hl7-server', () => {
  let image: ToolImage;

  beforeAll(async () => {
    image = await buildToolImage('hl7-server');
  });

  afterAll(async () => {
    await image[Symbol.asyncDispose]();
  });

  it('runs as a compose file of the Python tool starts it, is healthy, and stops at SIGTERM', async () => {
    await using network = await openContainerNetwork();
    const volumes = { '/worklists': await network.createVolume(), '/status': await network.createVolume() };
    await using tool = await network.startTool({
      image: image.name,
      entrypoint: ['python', '-m', 'orthanc_tools.hl7_worklist_server_for_orthanc'],
      volumes,
    });
    await tool.printed('"event":"server.listening"', 1);
    await tool.isHealthy();
    expect(await tool.stop()).toBe(130);
  });
});
