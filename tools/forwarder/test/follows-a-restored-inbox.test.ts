import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type RunningOrthanc, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type Scene, openScene } from './forward-scene.ts';

async function addStudies({ inbox }: Scene<string>, seed: number, studies: number): Promise<void> {
  const shape = { seriesPerStudy: 1, instancesPerSeries: 3, imageSize: 8 };
  const archive = [...synthesizeArchive({ seed, studies, ...shape })];
  await seedOrthanc(
    inbox,
    archive.flatMap((study) => [...study.instances()].map(({ bytes }) => bytes)),
  );
}

async function whileStopped(inbox: RunningOrthanc, work: (storageFolder: string) => Promise<void>) {
  if (inbox.storageFolder === undefined) throw new Error('the database is out of reach');
  await inbox.stop();
  await work(inbox.storageFolder);
  await inbox.start();
}

/** The inbox as it was before a study was added, and then more than there was. */
async function restoreAround(scene: Scene<string>, meanwhile: () => Promise<unknown>): Promise<void> {
  const backup = join(scene.folder, 'backup');
  await whileStopped(scene.inbox, (folder) => cp(folder, backup, { recursive: true }));
  await meanwhile();
  await whileStopped(scene.inbox, async (folder) => {
    await rm(folder, { recursive: true });
    await cp(backup, folder, { recursive: true });
  });
}

describe('an inbox whose database was restored', () => {
  it('is looked at anew, although it has more changes by now', async () => {
    await using scene = await openScene({ seed: 1401, studies: 2, destinations: { archive: {} } });
    const { archive } = scene.destinations;
    const more = [
      ...['--destination=archive', '--mode=peering', `--dest-url=${archive.url}`],
      ...['--trigger=StableStudy', '--keep-days=1'],
    ];
    await restoreAround(scene, async () => {
      await addStudies(scene, 1402, 1);
      expect((await scene.run({ more })).exitCode).toBe(0);
    });
    await addStudies(scene, 1403, 9);
    const { exitCode, stdout } = await scene.run({ more });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"inbox.change_log_is_another"');
    const [here, there] = [await scene.held(scene.inbox), await scene.held(archive)];
    expect(here.filter((id) => !there.includes(id))).toEqual([]);
  });

  it('is emptied again of what had been forwarded and deleted', async () => {
    await using scene = await openScene({ seed: 1404, studies: 2, destinations: { archive: {} } });
    const { archive } = scene.destinations;
    const more = ['--destination=archive', '--mode=peering', `--dest-url=${archive.url}`];
    await restoreAround(scene, async () => {
      await scene.run({ more: [...more, '--trigger=StableStudy'] });
      expect(await scene.held(scene.inbox)).toEqual([]);
    });
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    expect((await scene.run({ more: [...more, '--trigger=StableStudy'] })).exitCode).toBe(0);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('is looked at once only while what was read is still there', async () => {
    await using scene = await openScene({ seed: 1405, studies: 2, destinations: { archive: {} } });
    const more = ['--destination=archive', '--trigger=StableStudy', '--keep-days=1'];
    await scene.run({ more });
    const { stdout } = await scene.run({ more });
    expect(stdout).not.toContain('inbox.change_log');
  });
});
