import { join } from 'node:path';
import { expect } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { openTestbed, seedOrthanc, snapshotOrthanc, startLinked } from '@orthanc-tools/orthanc-testbed';
import { callExported } from '../call-exported.ts';
import type { PackagedTool } from '../packaged-tool.ts';
import {
  alias,
  anyHour,
  configuration,
  credentials,
  documentedUrl,
  pythonCommand,
  studyDates,
} from '../python-migrator.ts';

export const migratorPackage: PackagedTool = {
  tool: 'migrator',
  call: 'migrateStudies',
  jobs: [
    {
      promise: 'migrates by the command line of the Python documentation, but for address and hours',
      async keep(installed) {
        await using scene = await openScene(861);
        const { exitCode, stdout, stderr } = await installed.npx([
          ...pythonCommand.slice(3).map((argument) => argument.replace(documentedUrl, scene.url)),
          anyHour,
          '--ledger_path=one.sqlite',
        ]);
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        expect(stdout).toContain('"event":"run.finished"');
        await scene.expectMigrated();
      },
    },

    {
      promise: 'migrates by the function that it exports',
      async keep(installed) {
        await using scene = await openScene(862);
        const options = {
          orthancUrl: scene.url,
          orthancUser: credentials.user,
          orthancPwd: credentials.password,
          destinationModality: alias,
          fromStudyDate: studyDates.from,
          toStudyDate: studyDates.to,
          ledgerPath: join(installed.folder, 'other.sqlite'),
        };
        const ended = await callExported(installed, { tool: 'migrator', call: 'migrateStudies', options });
        expect(ended).toMatchObject({ exitCode: 0, summary: { sentImages: scene.images } });
        await scene.expectMigrated();
      },
    },
  ],
};

/** An Orthanc that holds studies of the dates that the command line names, and its modality. */
async function openScene(seed: number) {
  const stack = new AsyncDisposableStack();
  const testbed = await openTestbed();
  const linked = stack.use(
    await startLinked(testbed, { source: { configuration }, destinations: { [alias]: {} } }),
  );
  const source = { url: linked.source.url, ...credentials };
  const shape = { studies: 2, seriesPerStudy: 2, instancesPerSeries: 3, imageSize: 16, studyDates };
  const files = [...synthesizeArchive({ seed, ...shape })].flatMap((study) => [...study.instances()]);
  await seedOrthanc(
    source,
    files.map(({ bytes }) => bytes),
  );
  const destination = linked.destinations[alias];
  return {
    url: linked.source.url,
    images: files.length,
    expectMigrated: async () => {
      expect(destination && (await snapshotOrthanc(destination)).size).toBe(files.length);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
