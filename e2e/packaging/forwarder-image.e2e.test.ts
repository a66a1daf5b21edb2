import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import {
  type ToolImage,
  buildToolImage,
  openContainerNetwork,
  openTestbed,
  seedOrthanc,
  snapshotOrthanc,
} from '@orthanc-tools/orthanc-testbed';
import { alias, configuration, credentials, documentedUrl, pythonCommand } from './python-forwarder.ts';

const testbed = await openTestbed();
const onEngine = testbed.provider === 'containers' ? describe : describe.skip;

onEngine('[engine] the image of the forwarder', () => {
  let image: ToolImage;

  beforeAll(async () => {
    // Where the Orthanc of the tests is made first, that is not to count.
    await testbed.prepare();
    image = await buildToolImage('forwarder');
  });

  afterAll(async () => {
    await image[Symbol.asyncDispose]();
  });

  it('forwards by the command line of the Python documentation, is healthy, stops at SIGTERM and goes on', async () => {
    await using scene = await openScene(851);
    const { network, pacs, inbox, instances } = scene;
    const command = pythonCommand.map((word) => word.replace(documentedUrl, 'http://inbox:8042'));
    const service = { image: image.name, command, volumes: { '/status': await network.createVolume() } };

    await using first = await network.startTool(service);
    await first.printed('"unit.deleted"', 2);
    expect((await snapshotOrthanc(pacs)).size).toBe(instances);
    expect((await snapshotOrthanc(inbox)).size).toBe(0);
    const status = ['orthanc-forwarder', 'status', '--source-url=http://inbox:8042', '--json'];
    expect(await first.exec(status)).toContain('"deletion: deleted": 2');
    await first.isHealthy();
    expect(await first.stop()).toBe(130);

    await seedOrthanc(inbox, filesOf(852));
    await using second = await network.startTool(service);
    await second.printed('"unit.deleted"', 2);
    expect((await snapshotOrthanc(pacs)).size).toBe(2 * instances);
    expect(await second.stop()).toBe(130);
  });
});

/** An inbox that holds studies, and a modality of it, by their names in one network. */
async function openScene(seed: number) {
  const stack = new AsyncDisposableStack();
  const network = stack.use(await openContainerNetwork());
  const finding = { DicomAlwaysAllowFind: true };
  const pacs = stack.use(await network.startOrthanc('pacs', { name: 'pacs', configuration: finding }));
  const source = stack.use(
    await network.startOrthanc('inbox', {
      name: 'source',
      configuration: { ...configuration, DicomModalities: { [alias]: pacs.modality } },
    }),
  );
  const inbox = { url: source.url, ...credentials };
  const files = [...filesOf(seed)];
  await seedOrthanc(inbox, files);
  return {
    network,
    pacs,
    inbox,
    instances: files.length,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function* filesOf(seed: number): Generator<Uint8Array> {
  const shape = { studies: 2, seriesPerStudy: 2, instancesPerSeries: 3, imageSize: 16 };
  for (const study of synthesizeArchive({ seed, ...shape }))
    for (const instance of study.instances()) yield instance.bytes;
}
