import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import {
  type ToolImage,
  buildToolImage,
  openContainerNetwork,
  openTestbed,
  seedOrthanc,
} from '@orthanc-tools/orthanc-testbed';
import { pythonCommand } from './python-comparator.ts';

const testbed = await openTestbed();
const onEngine = testbed.provider === 'containers' ? describe : describe.skip;

onEngine('[engine] the image of the comparator', () => {
  let image: ToolImage;

  beforeAll(async () => {
    await testbed.prepare();
    image = await buildToolImage('comparator');
  });

  afterAll(async () => {
    await image[Symbol.asyncDispose]();
  });

  it('compares and repairs by the command line of the Python documentation, but for the hours', async () => {
    await using network = await openContainerNetwork();
    await using pacs = await network.startOrthanc('pacs', {
      name: 'pacs',
      configuration: { DicomAlwaysAllowFind: true },
    });
    await using archive = await network.startOrthanc('pacs-2022', {
      name: 'archive',
      configuration: { DicomModalities: { 'pacs-2017': pacs.modality } },
    });
    const files = [
      ...synthesizeArchive({
        seed: 'image',
        studies: 2,
        seriesPerStudy: 1,
        instancesPerSeries: 2,
        imageSize: 8,
        studyDates: { from: '20220201', to: '20220302' },
      }),
    ].flatMap((study) => [...study.instances()].map(({ bytes }) => bytes));
    await seedOrthanc(archive, files);
    await seedOrthanc(pacs, files.slice(2));
    const volumes = { '/status': await network.createVolume() };
    const command = [...pythonCommand, '--state-folder=/status', '--html-report=/status/report.html'];
    await using tool = await network.startTool({ image: image.name, command, volumes });
    expect([await tool.ended(), await tool.log()]).toEqual([0, expect.stringContaining('"repaired":1')]);
    await using again = await network.startTool({ image: image.name, command, volumes });
    expect([await again.ended(), await again.log()]).toEqual([
      0,
      expect.stringContaining('"equalStudies":2'),
    ]);
  });
});
