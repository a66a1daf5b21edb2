import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { openTestbed, seedOrthanc, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { callExported } from '../call-exported.ts';
import type { PackagedTool } from '../packaged-tool.ts';
import {
  configuration,
  credentials,
  documentedFile,
  documentedUrl,
  labelsFile,
  pythonCommand,
} from '../python-cleaner.ts';

export const cleanerPackage: PackagedTool = {
  tool: 'cleaner',
  call: 'cleanOrthanc',
  more: ['schema', 'schema/rules.schema.json'],
  jobs: [
    {
      promise: 'cleans by the command line and the file of the Python documentation, but for the address',
      async keep(installed) {
        await using scene = await openScene(861);
        const path = join(installed.emptyFolder, documentedFile);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, labelsFile);
        const { exitCode, stdout, stderr } = await installed.npx([
          ...pythonCommand.slice(3).map((argument) => argument.replace(documentedUrl, scene.url)),
          '--once',
          '--ledger_path=one.sqlite',
        ]);
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        expect(stdout).toMatch(/"event":"run\.finished".*"deletedStudies":1/);
        await scene.expectCleaned();
      },
    },

    {
      promise: 'cleans by the function that it exports',
      async keep(installed) {
        await using scene = await openScene(862);
        const rules = { rules: [{ name: 'old', labels: ['LABEL1'], olderThan: '6 weeks' }] };
        await writeFile(join(installed.folder, 'rules.json'), JSON.stringify(rules));
        const options = {
          orthancUrl: scene.url,
          orthancUser: credentials.user,
          orthancPwd: credentials.password,
          labelsFilePath: join(installed.folder, 'rules.json'),
          ledgerPath: join(installed.folder, 'other.sqlite'),
          once: true,
        };
        const ended = await callExported(installed, { tool: 'cleaner', call: 'cleanOrthanc', options });
        expect(ended).toMatchObject({ exitCode: 0, summary: { deletedStudies: 1 } });
        await scene.expectCleaned();
      },
    },

    {
      promise: 'tells by doctor whether everything is in order',
      async keep(installed) {
        await using scene = await openScene(863);
        await writeFile(join(installed.emptyFolder, 'labels.csv'), labelsFile);
        const { exitCode, stdout } = await installed.npx([
          'doctor',
          ...pythonCommand
            .slice(3)
            .map((argument) =>
              argument.replace(documentedUrl, scene.url).replace(documentedFile, 'labels.csv'),
            ),
        ]);
        expect([exitCode, stdout]).toEqual([
          0,
          expect.stringMatching(/^ {2}ok {7}file +rules by which studies are deleted: 2/m),
        ]);
      },
    },
  ],
};

/** An Orthanc that holds two studies since long ago; the first has a label. */
async function openScene(seed: number) {
  // Native, as only such an Orthanc can be moved in time.
  const testbed = await openTestbed({ provider: 'native' });
  const orthanc = await testbed.startOrthanc({
    name: 'archive',
    configuration,
    clock: '2026-01-01 10:00:00',
  });
  const server = { url: orthanc.url, ...credentials };
  const archive = synthesizeArchive({ seed, studies: 2, seriesPerStudy: 1, instancesPerSeries: 2 });
  const files = [...archive].map((study) => [...study.instances()]);
  await seedOrthanc(
    server,
    files.flat().map(({ bytes }) => bytes),
  );
  const study = files[0]?.[0]?.orthancIds().study ?? '';
  const authorization = `Basic ${Buffer.from('orthanc:orthanc').toString('base64')}`;
  const request = { method: 'PUT', headers: { authorization } };
  await fetch(`${orthanc.url}/studies/${study}/labels/LABEL1`, request);
  await orthanc.restartAt(new Date().toISOString().slice(0, 19).replace('T', ' '));
  return {
    url: orthanc.url,
    expectCleaned: async () => {
      const left = (files[1] ?? []).map((instance) => instance.orthancIds().instance);
      expect([...(await snapshotOrthanc(server)).keys()].sort()).toEqual(left.sort());
    },
    [Symbol.asyncDispose]: () => orthanc[Symbol.asyncDispose](),
  };
}
