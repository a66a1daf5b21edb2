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
import {
  alias,
  anyHour,
  configuration,
  credentials,
  documentedUrl,
  pythonCommand,
  studyDates,
} from './python-migrator.ts';

const testbed = await openTestbed();
const onEngine = testbed.provider === 'containers' ? describe : describe.skip;

onEngine('[engine] the image of the migrator', () => {
  let image: ToolImage;

  beforeAll(async () => {
    // Where the Orthanc of the tests is made first, that is not to count.
    await testbed.prepare();
    image = await buildToolImage('migrator');
  });

  afterAll(async () => {
    await image[Symbol.asyncDispose]();
  });

  it('migrates by the command line of the Python documentation, but for address and hours', async () => {
    await using network = await openContainerNetwork();
    const finding = { DicomAlwaysAllowFind: true };
    await using pacs = await network.startOrthanc('pacs', { name: 'pacs', configuration: finding });
    await using source = await network.startOrthanc('source', {
      name: 'source',
      configuration: { ...configuration, DicomModalities: { [alias]: pacs.modality } },
    });
    const shape = { studies: 2, seriesPerStudy: 1, instancesPerSeries: 3, imageSize: 16, studyDates };
    const files = [...synthesizeArchive({ seed: 871, ...shape })].flatMap((study) => [...study.instances()]);
    await seedOrthanc(
      { url: source.url, ...credentials },
      files.map(({ bytes }) => bytes),
    );
    const command = pythonCommand.map((word) => word.replace(documentedUrl, 'http://source:8042'));
    await using tool = await network.startTool({
      image: image.name,
      command: [...command, anyHour],
      volumes: { '/status': await network.createVolume() },
    });
    expect([await tool.ended(), await tool.log()]).toEqual([0, expect.stringContaining('run.finished')]);
    expect((await snapshotOrthanc(pacs)).size).toBe(files.length);
  });
});
