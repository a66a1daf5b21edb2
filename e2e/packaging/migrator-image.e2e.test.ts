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

  it('does so by variables, stops at SIGTERM with its state saved, and goes on without sending again', async () => {
    await using network = await openContainerNetwork();
    const finding = { DicomAlwaysAllowFind: true };
    await using pacs = await network.startOrthanc('pacs', { name: 'pacs', configuration: finding });
    const known = { DicomModalities: { [alias]: pacs.modality } };
    await using source = await network.startOrthanc('source', { name: 'source', configuration: known });
    const shape = { studies: 2, seriesPerStudy: 1, instancesPerSeries: 3, imageSize: 16, studyDates };
    const files = [...synthesizeArchive({ seed: 872, ...shape })].flatMap((study) => [...study.instances()]);
    await seedOrthanc(
      source,
      files.map(({ bytes }) => bytes),
    );
    const environment = {
      ...{ TZ: 'Etc/UTC', ORTHANC_URL: 'http://source:8042', DESTINATION_MODALITY: alias },
      ...{ FROM_STUDY_DATE: studyDates.from, TO_STUDY_DATE: studyDates.to, WORKER_THREADS_COUNT: '1' },
    };
    const service = { image: image.name, volumes: { '/status': await network.createVolume() } };
    // The second study waits for minutes until it may be sent.
    const slow = { ...environment, IMAGES_PER_MINUTE: '1' };
    await using first = await network.startTool({ ...service, environment: slow });
    await first.printed('"study.verified"');
    await first.isHealthy();
    const began = performance.now();
    expect(await first.stop()).toBe(130);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await first.log()).toContain('run.interrupted');
    expect((await snapshotOrthanc(pacs)).size).toBe(files.length / 2);

    await using second = await network.startTool({ ...service, environment });
    expect(await second.ended()).toBe(0);
    // The ledger in the volume knows the first one.
    expect(await second.log()).toMatch(/"run\.finished".*"sentImages":3,.*"provedStudiesInLedger":2,/);
    expect((await snapshotOrthanc(pacs)).size).toBe(files.length);
  });
});
