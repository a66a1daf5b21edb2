import { join } from 'node:path';
import { expect } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { openTestbed, seedOrthanc, snapshotOrthanc, startLinked } from '@orthanc-tools/orthanc-testbed';
import { callExported } from '../call-exported.ts';
import type { PackagedTool } from '../packaged-tool.ts';
import { alias, configuration, credentials, documentedUrl, pythonCommand } from '../python-forwarder.ts';

export const forwarderPackage: PackagedTool = {
  tool: 'forwarder',
  call: 'forwardOrthanc',
  more: ['schema', 'schema/destinations.schema.json', 'types', 'types/hooks.d.ts'],
  jobs: [
    {
      promise: 'forwards and deletes by the command line of the Python documentation, but for the address',
      async keep(installed) {
        await using scene = await openScene(841);
        const { exitCode, stdout, stderr } = await installed.npx([
          ...pythonCommand.slice(3).map((argument) => argument.replace(documentedUrl, scene.url)),
          '--existing_changes_only',
          '--quiet_time=1s',
          '--ledger_path=one.sqlite',
        ]);
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        expect(stdout).toContain('"event":"run.finished"');
        await scene.expectForwarded();
      },
    },

    {
      promise: 'forwards by the function that it exports',
      async keep(installed) {
        await using scene = await openScene(842);
        const options = {
          sourceUrl: scene.url,
          sourceUser: credentials.user,
          sourcePwd: credentials.password,
          destination: [alias],
          trigger: 'StableStudy',
          quietTime: '1s',
          existingChangesOnly: true,
          ledgerPath: join(installed.folder, 'other.sqlite'),
        };
        const ended = await callExported(installed, { tool: 'forwarder', call: 'forwardOrthanc', options });
        expect(ended).toMatchObject({
          exitCode: 0,
          summary: { deletedInstances: scene.instances },
        });
        await scene.expectForwarded();
      },
    },

    {
      promise: 'tells by doctor which proof the destination of the command line allows',
      async keep(installed) {
        await using scene = await openScene(843);
        const { exitCode, stdout } = await installed.npx([
          'doctor',
          ...pythonCommand.slice(3).map((argument) => argument.replace(documentedUrl, scene.url)),
        ]);
        expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^ {2}ok {7}proof +image: /m)]);
      },
    },
  ],
};

/** An inbox that holds studies, and a modality of it. */
async function openScene(seed: number) {
  const testbed = await openTestbed();
  const linked = await startLinked(testbed, { source: { configuration }, destinations: { [alias]: {} } });
  const inbox = { url: linked.source.url.replace(/\/$/, ''), ...credentials };
  const archive = synthesizeArchive({ seed, studies: 2, seriesPerStudy: 2, instancesPerSeries: 3 });
  const files = [...archive].flatMap((study) => [...study.instances()]);
  await seedOrthanc(
    inbox,
    files.map(({ bytes }) => bytes),
  );
  const pacs = linked.destinations[alias];
  if (pacs === undefined) throw new Error('The modality was not started.');
  return {
    url: inbox.url,
    instances: files.length,
    expectForwarded: async () => {
      expect((await snapshotOrthanc(inbox)).size).toBe(0);
      expect([...(await snapshotOrthanc(pacs)).keys()].sort()).toEqual(
        files.map((instance) => instance.orthancIds().instance).sort(),
      );
    },
    [Symbol.asyncDispose]: () => linked[Symbol.asyncDispose](),
  };
}
