import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import {
  type ContainerNetwork,
  type ToolImage,
  buildToolImage,
  openContainerNetwork,
  openTestbed,
  snapshotOrthanc,
} from '@orthanc-tools/orthanc-testbed';
import { configuration, credentials, pythonCommand } from './python-importer.ts';

const testbed = await openTestbed();
const onEngine = testbed.provider === 'containers' ? describe : describe.skip;

/** Two images, small enough for a command line. */
const images = [
  ...synthesizeArchive({ seed: 731, studies: 1, seriesPerStudy: 1, instancesPerSeries: 2, imageSize: 8 }),
]
  .flatMap((study) => [...study.instances()])
  .map(({ bytes }) => Buffer.from(bytes).toString('base64'));

onEngine('[engine] the image of the importer', () => {
  let image: ToolImage;

  beforeAll(async () => {
    // Where the Orthanc of the tests is made first, that is not to count.
    await testbed.prepare();
    image = await buildToolImage('importer');
  });

  afterAll(async () => {
    await image[Symbol.asyncDispose]();
  });

  /** A volume with these images, one file each; written through the image, so that its user owns them. */
  async function fillVolume(network: ContainerNetwork, files: readonly string[]): Promise<string> {
    const volume = await network.createVolume();
    const script = `for (const [n, file] of ${JSON.stringify(files)}.entries()) fs.writeFileSync('/status/' + n, Buffer.from(file, 'base64'))`;
    await using writer = await network.startTool({
      image: image.name,
      entrypoint: ['node', '-e', script],
      volumes: { '/status': volume },
    });
    expect(await writer.ended()).toBe(0);
    return volume;
  }

  it('imports by the command line of the Python documentation, but for the address', async () => {
    await using network = await openContainerNetwork();
    await using orthanc = await network.startOrthanc('orthanc-a', { name: 'destination', configuration });
    const volumes = { '/import': await fillVolume(network, images), '/status': await network.createVolume() };
    const command = pythonCommand.map((word) => word.replace('localhost', 'orthanc-a'));
    await using tool = await network.startTool({ image: image.name, command, volumes });
    expect([await tool.ended(), await tool.log()]).toEqual([0, expect.stringContaining('run.finished')]);
    expect((await snapshotOrthanc({ url: orthanc.url, ...credentials })).size).toBe(2);
  });

  it('watches a folder, is healthy, and stops at SIGTERM', async () => {
    await using network = await openContainerNetwork();
    await using orthanc = await network.startOrthanc('orthanc-a', { name: 'destination', configuration });
    const volumes = { '/import': await fillVolume(network, images), '/status': await network.createVolume() };
    const environment = {
      FOLDER_PATH: '/import',
      ORTHANC_URL: 'http://orthanc-a:8042',
      ORTHANC_USER: 'test',
      ORTHANC_PWD: 'test',
      WATCH: 'true',
      SETTLE_TIME: '1s',
      WHEN_DONE: 'delete',
      LOG_LEVEL: 'debug',
    };
    await using tool = await network.startTool({ image: image.name, environment, volumes });
    await tool.printed('"event":"file.concluded"', 2);
    await tool.isHealthy();
    expect(await tool.stop()).toBe(130);
    expect((await snapshotOrthanc({ url: orthanc.url, ...credentials })).size).toBe(2);
    expect(await tool.log()).toContain('"clearedFiles":2');
  });
});
