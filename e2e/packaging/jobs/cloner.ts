import { join } from 'node:path';
import { expect } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { compareSnapshots, openTestbed, seedOrthanc, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { callExported } from '../call-exported.ts';
import type { PackagedTool } from '../packaged-tool.ts';

export const clonerPackage: PackagedTool = {
  tool: 'cloner',
  call: 'cloneOrthanc',
  jobs: [
    {
      promise: 'clones a real Orthanc by the command',
      async keep(installed) {
        await using scene = await openScene(711);
        const urls = [`--source-url=${scene.source.url}`, `--dest-url=${scene.destination.url}`];
        const ended = await installed.npx([...urls, '--existing-changes-only', '--ledger-path=one.sqlite']);
        expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
        await scene.expectCopied();
      },
    },

    {
      promise: 'clones a real Orthanc by the function that it exports',
      async keep(installed) {
        await using scene = await openScene(712);
        const { folder } = installed;
        const options = {
          sourceUrl: scene.source.url,
          destUrl: scene.destination.url,
          existingChangesOnly: true,
          ledgerPath: join(folder, 'other.sqlite'),
        };
        const ended = await callExported(installed, { tool: 'cloner', call: 'cloneOrthanc', options });
        expect(ended).toMatchObject({
          exitCode: 0,
          summary: { copiedInstances: scene.instances },
        });
        await scene.expectCopied();
      },
    },
  ],
};

async function openScene(seed: number) {
  const stack = new AsyncDisposableStack();
  const testbed = await openTestbed();
  const source = stack.use(await testbed.startOrthanc({ name: 'source' }));
  const destination = stack.use(await testbed.startOrthanc({ name: 'destination' }));
  const archive = synthesizeArchive({ seed, studies: 3, seriesPerStudy: 2, instancesPerSeries: 4 });
  const files = [...archive].flatMap((study) => [...study.instances()].map(({ bytes }) => bytes));
  const { instances } = await seedOrthanc(source, files);
  return {
    source,
    destination,
    instances,
    async expectCopied() {
      const held = [await snapshotOrthanc(source), await snapshotOrthanc(destination)] as const;
      expect(compareSnapshots(...held).areEqual).toBe(true);
      expect(held[1].size).toBe(instances);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
