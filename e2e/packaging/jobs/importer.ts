import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { type SyntheticInstance, synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type RunningOrthanc, openTestbed, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { callExported } from '../call-exported.ts';
import type { PackagedTool } from '../packaged-tool.ts';
import { configuration, credentials, pythonArguments } from '../python-importer.ts';

export const importerPackage: PackagedTool = {
  tool: 'importer',
  call: 'importFolder',
  jobs: [
    {
      promise: 'imports a folder by the command line of the Python documentation, but for folder and address',
      async keep(installed) {
        await using orthanc = await openOrthanc();
        const { folder, instances } = await fillFolder(installed.folder, 721);
        const { exitCode, stdout, stderr } = await installed.npx(
          pythonArguments.map((argument) =>
            argument
              .replace('/import', folder)
              .replace('http://localhost:8042', orthanc.url.replace(/\/$/, '')),
          ),
        );
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        expect(stdout).toContain('"event":"run.finished"');
        expect(stdout).toContain('"skippedFiles":1');
        await expectHeld(orthanc, instances);
      },
    },

    {
      promise: 'imports a folder by the function that it exports',
      async keep(installed) {
        await using orthanc = await openOrthanc();
        const { folder, instances } = await fillFolder(installed.folder, 722);
        const options = {
          folderPath: folder,
          orthancUrl: orthanc.url,
          orthancUser: 'test',
          orthancPwd: 'test',
          ledgerPath: join(installed.folder, 'function.sqlite'),
        };
        const ended = await callExported(installed, { tool: 'importer', call: 'importFolder', options });
        expect(ended).toMatchObject({
          exitCode: 0,
          summary: { storedInstances: instances.length },
        });
        await expectHeld(orthanc, instances);
      },
    },

    {
      promise: 'tells by doctor that the server of the command line is sound',
      async keep(installed) {
        await using orthanc = await openOrthanc();
        const { folder } = await fillFolder(installed.folder, 723);
        const { exitCode, stdout } = await installed.npx([
          'doctor',
          `--folder-path=${folder}`,
          `--url=${orthanc.url}`,
          '--user=test',
          '--password=test',
        ]);
        expect([exitCode, stdout]).toEqual([0, expect.stringContaining('0 problems, 0 warnings')]);
      },
    },
  ],
};

const openOrthanc = async () => (await openTestbed()).startOrthanc({ name: 'destination', configuration });

async function fillFolder(
  parent: string,
  seed: number,
): Promise<{ folder: string; instances: SyntheticInstance[] }> {
  const folder = join(parent, `import-${String(seed)}`);
  const archive = synthesizeArchive({ seed, studies: 2, seriesPerStudy: 2, instancesPerSeries: 3 });
  const instances = [...archive].flatMap((study) => [...study.instances()]);
  for (const [at, { bytes }] of instances.entries()) {
    await mkdir(join(folder, String(at % 3)), { recursive: true });
    await writeFile(join(folder, String(at % 3), `image${String(at)}`), bytes);
  }
  await writeFile(join(folder, 'Picture.BMP'), 'BM');
  return { folder, instances };
}

async function expectHeld(orthanc: RunningOrthanc, instances: readonly SyntheticInstance[]): Promise<void> {
  const held = await snapshotOrthanc({ url: orthanc.url, ...credentials });
  expect(new Map([...held].map(([id, { md5 }]) => [id, md5]))).toEqual(
    new Map(instances.map((instance) => [instance.orthancIds().instance, instance.md5()])),
  );
}
