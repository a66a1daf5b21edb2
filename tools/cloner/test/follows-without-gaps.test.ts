import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type Scene, addStudies, openScene } from './clone-scene.ts';

async function clearChanges({ source }: Scene): Promise<void> {
  const { status } = await fetch(`${source.url}/changes`, { method: 'DELETE' });
  expect(status).toBe(200);
}

const reasonsOf = ({ report }: { report: { gaps: readonly { reason: string }[] } }) =>
  report.gaps.map(({ reason }) => reason);

const isReading = ({ path }: { path: string }) => path.startsWith('/changes?since');

function folderOf({ source: { storageFolder } }: Scene): string {
  if (storageFolder === undefined) throw new Error('the database is out of reach');
  return storageFolder;
}

describe('a source whose change log does not lead on', () => {
  it('is looked at again when its log was cleared while nobody followed', async () => {
    await using scene = await openScene({ seed: 1201, studies: 3 });
    expect(reasonsOf(await scene.run())).toEqual([]);
    await addStudies(scene, 1202);
    await clearChanges(scene);
    const second = await scene.run();
    expect(second.exitCode).toBe(0);
    expect(reasonsOf(second)).toEqual(['cleared']);
    expect(await scene.differences()).toEqual([]);
    expect(reasonsOf(await scene.run())).toEqual([]);
  });

  it('is looked at again when its log is cleared, and goes on, while it is followed', async () => {
    await using scene = await openScene({ seed: 1203, studies: 3 });
    const ending = new AbortController();
    let hidden: Promise<void> | undefined;
    const verified = (printed: string) => printed.split('"study.verified"').length - 1;
    const run = await scene.run({
      argv: scene.usualArguments.filter((argument) => argument !== '--existing-changes-only'),
      signal: ending.signal,
      onOutput: (printed) => {
        if (verified(printed) === 3)
          hidden ??= (async () => {
            const { promise, resolve } = Promise.withResolvers<undefined>();
            scene.toSource.addFault({ effect: 'hold', until: promise, matching: isReading });
            await addStudies(scene, 1204);
            await clearChanges(scene);
            await addStudies(scene, 1205);
            await scene.toSource.clear();
            resolve(undefined);
          })();
        // Three at first, four that came since, and all seven that are looked at again, in whatever order.
        if (verified(printed) >= 10) ending.abort();
      },
    });
    expect(run.exitCode).toBe(130);
    expect(reasonsOf(run)).toContain('cleared');
    expect(await scene.differences()).toEqual([]);
  });

  it('is looked at again when its database was restored, although it has more changes by now', async () => {
    await using scene = await openScene({ seed: 1206, studies: 3, provider: 'native' });
    const storageFolder = folderOf(scene);
    const backup = join(scene.folder, 'backup');
    await scene.source.stop();
    await cp(storageFolder, backup, { recursive: true });
    await scene.source.start();
    await addStudies(scene, 1207);
    expect(reasonsOf(await scene.run())).toEqual([]);

    await scene.source.stop();
    await rm(storageFolder, { recursive: true });
    await cp(backup, storageFolder, { recursive: true });
    await scene.source.start();
    await addStudies(scene, 1208, 8);
    const second = await scene.run();
    expect(second.exitCode).toBe(0);
    expect(reasonsOf(second)).toEqual(['another history']);
    // What the restored source has lost stays at the destination.
    expect(await scene.differences()).toEqual([]);
  });

  it('is looked at again when its database was restored, and has fewer changes', async () => {
    await using scene = await openScene({ seed: 1209, studies: 3, provider: 'native' });
    const storageFolder = folderOf(scene);
    const backup = join(scene.folder, 'backup');
    await scene.source.stop();
    await cp(storageFolder, backup, { recursive: true });
    await scene.source.start();
    // The backup brings it back.
    await fetch(`${scene.source.url}/studies/${await newestStudy(scene)}`, { method: 'DELETE' });
    await addStudies(scene, 1210, 6);
    expect(reasonsOf(await scene.run())).toEqual([]);
    await scene.source.stop();
    await rm(storageFolder, { recursive: true });
    await cp(backup, storageFolder, { recursive: true });
    await scene.source.start();
    await addStudies(scene, 1211, 1);
    const second = await scene.run();
    expect(reasonsOf(second)).toEqual(['went back']);
    expect(second.exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
  });

  it('is not taken for another one when what was read last is deleted', async () => {
    await using scene = await openScene({ seed: 1212, studies: 6 });
    await scene.run();
    await fetch(`${scene.source.url}/studies/${await newestStudy(scene)}`, { method: 'DELETE' });
    await addStudies(scene, 1213);
    const second = await scene.run();
    expect(reasonsOf(second)).toEqual([]);
    expect(await scene.differences()).toEqual([]);
  });

  it.each(['while nobody followed', 'and nothing comes after it'])(
    'is not looked at as a whole when its newest study is deleted %s',
    async (when) => {
      await using scene = await openScene({ seed: 1217, studies: 6 });
      await scene.run();
      const newest = await newestStudy(scene);
      await fetch(`${scene.source.url}/studies/${newest}`, { method: 'DELETE' });
      if (when === 'while nobody followed') await addStudies(scene, 1218);
      const second = await scene.run();
      expect(reasonsOf(second)).toEqual([]);
      // Six were there.
      expect(second.stdout.split('"study.verified"').length - 1).toBeLessThan(5);
      expect(await scene.differences()).toEqual([]);
      await addStudies(scene, 1219);
      const third = await scene.run();
      expect(reasonsOf(third)).toEqual([]);
      expect(await scene.differences()).toEqual([]);
    },
  );

  it.each(['at rest', 'while it is followed'])(
    'takes nothing from the destination when it is emptied %s',
    async (when) => {
      await using scene = await openScene({ seed: 1220, studies: 3 });
      await scene.run();
      const before = await snapshotOrthanc(scene.destination);
      expect(before.size).toBe(scene.instances);
      if (when === 'at rest') await emptySource(scene);
      const ending = new AbortController();
      let emptied: Promise<void> | undefined;
      const second = await scene.run({
        argv: scene.usualArguments.filter((argument) => argument !== '--existing-changes-only'),
        signal: ending.signal,
        onOutput: (printed) => {
          if (printed.includes('"mode.chosen"'))
            emptied ??= emptySource(scene).then(() => addStudies(scene, 1221, 1));
          if (printed.includes('"study.verified"')) ending.abort();
        },
      });
      expect(second.exitCode).toBe(130);
      const after = await snapshotOrthanc(scene.destination);
      expect(after.size).toBe(scene.instances + 3);
      for (const [id, held] of before) expect(after.get(id)).toEqual(held);
    },
  );

  it('has nothing missing after 10,000 changes while nobody followed', async () => {
    await using scene = await openScene({ seed: 1214, studies: 3 });
    await scene.run();
    await addStudies(scene, 1215);
    await changeMetadata(scene, 10_000);
    await addStudies(scene, 1216);
    const second = await scene.run();
    expect(second.exitCode).toBe(0);
    expect(reasonsOf(second)).toEqual([]);
    expect(await scene.differences()).toEqual([]);
    expect(second.report.summary).toMatchObject({ copiedInstances: 12 });
  });
});

describe('a clone that follows', () => {
  it('says once that it has caught up, not after each change', async () => {
    await using scene = await openScene({ seed: 1220, studies: 3 });
    const ending = new AbortController();
    const times = (printed: string, event: string) => printed.split(`"${event}"`).length - 1;
    let added: Promise<void> | undefined;
    const run = await scene.run({
      argv: scene.usualArguments.filter((argument) => argument !== '--existing-changes-only'),
      signal: ending.signal,
      onOutput: (printed) => {
        if (times(printed, 'source.caught_up') === 0) return;
        added ??= addStudies(scene, 1221);
        if (times(printed, 'study.verified') >= 5) ending.abort();
      },
    });
    await added;
    expect(run.exitCode).toBe(130);
    const told = run.stdout.split('\n').filter((line) => line.includes('"source.caught_up"'));
    expect(told.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ change: expect.any(Number), setAside: 0, next: 'following' }),
    ]);
  });
});

async function newestStudy({ source: { url } }: Scene): Promise<string> {
  const { Changes: changes } = (await (await fetch(`${url}/changes?since=0&limit=1000`)).json()) as {
    Changes: { ChangeType: string; ID: string }[];
  };
  return changes.findLast(({ ChangeType: type }) => type === 'NewStudy')?.ID ?? '';
}

async function emptySource({ source: { url } }: Scene): Promise<void> {
  const studies = (await (await fetch(`${url}/studies`)).json()) as string[];
  for (const id of studies) await fetch(`${url}/studies/${id}`, { method: 'DELETE' });
}

async function changeMetadata({ source: { url } }: Scene, times: number): Promise<void> {
  const studies = (await (await fetch(`${url}/studies`)).json()) as string[];
  const numbers = Array.from({ length: times }, (_, index) => index).values();
  const change = async () => {
    for (const number of numbers) {
      const path = `${url}/studies/${studies[number % studies.length] ?? ''}/metadata/${String(1024 + (number % 20))}`;
      const { status } = await fetch(path, { method: 'PUT', body: String(number) });
      expect(status).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: 8 }, change));
}
