import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import {
  type ToolImage,
  buildToolImage,
  openContainerNetwork,
  openTestbed,
  seedOrthanc,
} from '@orthanc-tools/orthanc-testbed';
import { blocksTriedBy } from '../docs/blocks-tried-by.ts';
import { pythonCommand } from './python-comparator.ts';

const testbed = await openTestbed();
const onEngine = testbed.provider === 'containers' ? describe : describe.skip;

/** Those of the documentation. */
const studyDates = { from: '20220201', to: '20220302' };

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
    const files = filesOf('image');
    await seedOrthanc(archive, files);
    await seedOrthanc(pacs, files.slice(2));
    const volumes = { '/status': await network.createVolume() };
    const command = [...pythonCommand, '--state-folder=/status', '--html-report=/status/report.html'];
    await using tool = await network.startTool({ image: image.name, command, volumes });
    expect([await tool.ended(), await tool.log()]).toEqual([0, expect.stringContaining('"repaired":1')]);
    // By the page's own words, but for the hours.
    const [block] = await blocksTriedBy(import.meta.url, 'docs/migration.md');
    const [, words = ''] = /^docker run .* orthanc-tools\/comparator (.*)$/.exec(block.text) ?? [];
    const hours = '--night_start_hour=19 --night_end_hour=6';
    expect(words).toContain(hours);
    const documented = words.replace(hours, '--night_start_hour=6 --night_end_hour=19').split(' ');
    await using again = await network.startTool({
      ...{ image: image.name, volumes },
      command: [...documented, '--state-folder=/status'],
    });
    expect([await again.ended(), await again.log()]).toEqual([
      0,
      expect.stringContaining('"equalStudies":2'),
    ]);
  });

  it('does so by variables, stops at SIGTERM while it waits for the PACS, and keeps what it remembers of its runs', async () => {
    await using network = await openContainerNetwork();
    const finding = { DicomAlwaysAllowFind: true };
    await using pacs = await network.startOrthanc('pacs', { name: 'pacs', configuration: finding });
    const known = { DicomModalities: { pacs: pacs.modality } };
    await using archive = await network.startOrthanc('archive', { name: 'archive', configuration: known });
    await seedOrthanc(archive, filesOf('by variables'));
    const environment = {
      ...{ TZ: 'Etc/UTC', ORTHANC_URL: 'http://archive:8042', MODALITY: 'pacs', LEVEL: 'Series' },
      ...{ FROM_STUDY_DATE: studyDates.from, TO_STUDY_DATE: studyDates.to, STATE_FOLDER: '/status' },
    };
    const volumes = { '/status': await network.createVolume() };
    const service = { image: image.name, environment, volumes };
    await using first = await network.startTool(service);
    expect([await first.ended(), await first.log()]).toEqual([4, expect.stringContaining('run.finished')]);

    await pacs.kill();
    await using stopped = await network.startTool(service);
    await stopped.printed('"query.failed"');
    await stopped.isHealthy();
    const began = performance.now();
    expect(await stopped.stop()).toBe(130);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await stopped.log()).toContain('run.interrupted');

    await pacs.start();
    await using again = await network.startTool(service);
    expect([await again.ended(), await again.log()]).toEqual([
      4,
      // Of the first run, by the history in the volume.
      expect.stringContaining('"differencesBefore":2'),
    ]);
  });
});

function filesOf(seed: string): Uint8Array[] {
  const shape = { studies: 2, seriesPerStudy: 1, instancesPerSeries: 2, imageSize: 8, studyDates };
  return [...synthesizeArchive({ seed, ...shape })].flatMap((study) =>
    [...study.instances()].map(({ bytes }) => bytes),
  );
}
