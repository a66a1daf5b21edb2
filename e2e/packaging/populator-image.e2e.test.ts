import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ToolImage,
  buildToolImage,
  openContainerNetwork,
  openTestbed,
  snapshotOrthanc,
} from '@orthanc-tools/orthanc-testbed';
import { pythonCommand } from './python-populator.ts';

const testbed = await openTestbed();
const onEngine = testbed.provider === 'containers' ? describe : describe.skip;

const configuration = { AuthenticationEnabled: true, RegisteredUsers: { user: 'pwd' } };

onEngine('[engine] the image of the populator', () => {
  let image: ToolImage;

  beforeAll(async () => {
    // Where the Orthanc of the tests is made first, that is not to count.
    await testbed.prepare();
    image = await buildToolImage('populator');
  });

  afterAll(async () => {
    await image[Symbol.asyncDispose]();
  });

  it('tells of the 5,000 studies of the Python documentation what it would make', async () => {
    await using network = await openContainerNetwork();
    await using tool = await network.startTool({
      image: image.name,
      command: [...pythonCommand, '--dry-run'],
    });
    expect(await tool.ended()).toBe(0);
    expect((await tool.log()).match(/"event":"study\.planned"/g)).toHaveLength(5000);
  });

  it('makes them by the same command line, but for address and number, into a volume too', async () => {
    await using network = await openContainerNetwork();
    await using orthanc = await network.startOrthanc('orthanc-a', { name: 'populated', configuration });
    const command = pythonCommand.map((word) =>
      word.replace('192.168.0.10', 'orthanc-a').replace('=5000', '=3'),
    );
    const volumes = { '/status': await network.createVolume() };
    await using tool = await network.startTool({ image: image.name, command, volumes });
    expect([await tool.ended(), await tool.log()]).toEqual([0, expect.stringContaining('run.finished')]);
    const held = (await snapshotOrthanc({ url: orthanc.url, user: 'user', password: 'pwd' })).size;
    expect(await tool.log()).toContain(`"storedInstances":${String(held)}`);
    const written = [
      ...command.slice(3).filter((word) => !word.startsWith('--url')),
      '--output=/status/studies',
    ];
    await using writer = await network.startTool({ image: image.name, command: written, volumes });
    expect(await writer.ended()).toBe(0);
    expect(await writer.log()).toContain(`"storedInstances":${String(held)}`);
  });
});
