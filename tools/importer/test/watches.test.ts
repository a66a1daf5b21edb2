import { mkdir, readFile, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readLedger } from '@orthanc-tools/work-ledger';
import { type Scene, openScene } from './import-scene.ts';
import { startProcess } from './tool-process.ts';
import { until } from './until.ts';
import { eager, watch } from './watching.ts';
import { zipOf } from './zip-fixture.ts';

const quick = [...eager, '--settle-time=300ms'];

const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();

/** By the ledger, which is there once the run has begun. */
function waitingIn({ work }: Scene): number | undefined {
  const path = join(work, 'ledger.sqlite');
  if (!existsSync(path)) return undefined;
  using ledger = readLedger(path);
  return ledger.tally().waiting;
}

/** While the run goes on. */
const manifestIn = ({ work }: Scene): Promise<string> =>
  readFile(join(work, 'manifest.jsonl'), 'utf8').catch(() => '');

async function holds(scene: Scene, count: number): Promise<boolean> {
  const statistics = (await (await fetch(`${scene.orthanc.url}/statistics`)).json()) as Record<
    string,
    number
  >;
  return statistics['CountInstances'] === count;
}

describe('a folder that is watched', () => {
  it('is imported as files come and change, until the run is stopped', async () => {
    await using scene = await openScene({ seed: 471, studies: 1 });
    const [one, two, three] = scene.instances;
    await scene.put('one', one?.bytes ?? '');
    await using watching = watch(scene);
    await watching.until(() => holds(scene, 1));
    await scene.put('deep/er/two', two?.bytes ?? '');
    await scene.put('junk', 'no image');
    await watching.until(() => holds(scene, 2));
    await scene.put('junk', three?.bytes ?? '');
    await watching.until(() => holds(scene, 3));
    // The manifest is there while the run goes on.
    await watching.until(async () => (await manifestIn(scene)) !== '');
    const { exitCode, stderr, manifest, summary } = await watching.stop();
    expect([exitCode, stderr]).toEqual([130, '']);
    expect([...manifest.values()].map(({ path, status }) => [path, status])).toEqual([
      ['deep/er/two', 'stored'],
      ['junk', 'stored'],
      ['one', 'stored'],
    ]);
    expect(summary).toMatchObject({ storedInstances: 3, waitingFiles: 0 });
  });

  it('leaves a file alone while it grows', async () => {
    await using scene = await openScene({ seed: 472, studies: 1, imageSize: 256 });
    const bytes = scene.instances[0]?.bytes ?? Buffer.alloc(0);
    const path = join(scene.folder, 'growing');
    await writeFile(path, bytes.subarray(0, 1000));
    await using watching = watch(scene, { settleTime: '2s' });
    for (let length = 2000; length < 20_000; length += 1000) {
      await writeFile(path, bytes.subarray(0, length));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(scene.proxy.requests.filter(({ path: asked }) => asked === '/instances')).toEqual([]);
    await writeFile(path, bytes);
    await watching.until(() => holds(scene, 1));
    const { manifest } = await watching.stop();
    expect(manifest.get('growing')).toMatchObject({ status: 'stored', md5: scene.instances[0]?.md5() });
  });

  it('is waited for when it is away, and nothing is lost', async () => {
    await using scene = await openScene({ seed: 473, studies: 1 });
    const [one, two] = scene.instances;
    await scene.put('one', one?.bytes ?? '');
    await using watching = watch(scene);
    await watching.until(() => holds(scene, 1));
    await rename(scene.folder, `${scene.folder}.away`);
    await watching.until(() => watching.output().includes('FOLDER_AWAY'));
    await writeFile(join(`${scene.folder}.away`, 'two'), two?.bytes ?? '');
    await rename(`${scene.folder}.away`, scene.folder);
    await watching.until(() => holds(scene, 2));
    const { exitCode, manifest } = await watching.stop();
    expect(exitCode).toBe(130);
    expect([...manifest.values()].map(({ status }) => status)).toEqual(['stored', 'stored']);
  });

  it('is watched on when a file is taken back before it was read, and the folder is empty then', async () => {
    await using scene = await openScene({ seed: 477, studies: 1 });
    const [one, two] = scene.instances;
    await scene.put('one', one?.bytes ?? '');
    await using watching = watch(scene, { settleTime: '2s' });
    await watching.until(() => waitingIn(scene) === 1);
    await rm(join(scene.folder, 'one'));
    await watching.until(() => waitingIn(scene) === 0);
    await scene.put('two', two?.bytes ?? '');
    await watching.until(() => holds(scene, 1));
    const { exitCode, manifest, stdout } = await watching.stop();
    expect([exitCode, stdout.includes('FOLDER_AWAY')]).toEqual([130, false]);
    expect([...manifest.values()].map(({ path, status }) => [path, status])).toEqual([
      ['one', 'vanished'],
      ['two', 'stored'],
    ]);
  });

  it('is watched on while Orthanc is away', async () => {
    await using scene = await openScene({ seed: 474, studies: 1 });
    const [one, two] = scene.instances;
    await scene.put('one', one?.bytes ?? '');
    await using watching = watch(scene);
    await watching.until(() => holds(scene, 1));
    await scene.proxy.disturb({ refuse: true });
    await scene.put('two', two?.bytes ?? '');
    await watching.until(() => watching.output().includes('ORTHANC_UNREACHABLE'));
    await scene.proxy.disturb({ refuse: false });
    await watching.until(() => holds(scene, 2));
    expect((await watching.stop()).exitCode).toBe(130);
  });

  it('gives a PDF to the study of its folder, whichever comes first', async () => {
    await using scene = await openScene({ seed: 475, studies: 1 });
    await scene.put('a/report.pdf', '%PDF-1.7\nreport\n');
    await using watching = watch(scene, { more: ['--dicomize-pdf'] });
    await watching.until(() => watching.output().includes('not-dicom'));
    await scene.put('a/image', scene.instances[0]?.bytes ?? '');
    await watching.until(() => holds(scene, 2));
    const { manifest } = await watching.stop();
    expect(manifest.get('a/report.pdf')?.status).toBe('stored');
  });

  it('gives a PDF to the one study that its folder held when it came, and none to a folder with several', async () => {
    await using scene = await openScene({ seed: 479, studies: 2 });
    const [one, other] = [scene.instances[0], scene.instances.at(-1)];
    await scene.put('a/one', one?.bytes ?? '');
    await using watching = watch(scene, { more: ['--dicomize-pdf'] });
    await watching.until(() => holds(scene, 1));
    await scene.put('a/first.pdf', '%PDF-1.7\nfirst\n');
    await watching.until(() => holds(scene, 2));
    await scene.put('a/other', other?.bytes ?? '');
    await watching.until(() => holds(scene, 3));
    await scene.put('a/second.pdf', '%PDF-1.7\nsecond\n');
    await watching.until(async () => (await manifestIn(scene)).includes('PDF_SEVERAL_STUDIES'));
    const { manifest } = await watching.stop();
    expect([...manifest.values()].map(({ path, status, code }) => [path, code ?? status])).toEqual([
      ['a/first.pdf', 'stored'],
      ['a/one', 'stored'],
      ['a/other', 'stored'],
      ['a/second.pdf', 'PDF_SEVERAL_STUDIES'],
    ]);
    expect((await scene.held()).size).toBe(3);
  });

  it('gives a PDF to the images that come after it, not to those that were taken away before', async () => {
    await using scene = await openScene({ seed: 480, studies: 2 });
    const [one, other] = [scene.instances[0], scene.instances.at(-1)];
    const isEmpty = async () => (await filesIn(scene.folder)).length === 0;
    await scene.put('one', one?.bytes ?? '');
    await using watching = watch(scene, { more: ['--dicomize-pdf', '--when-done=delete'] });
    await watching.until(isEmpty);
    await scene.put('report.pdf', '%PDF-1.7\nreport\n');
    await watching.until(() => watching.output().includes('not-dicom'));
    await scene.put('other', other?.bytes ?? '');
    await watching.until(isEmpty);
    const { manifest } = await watching.stop();
    const id = manifest.get('report.pdf')?.id ?? '';
    const study = (await (await fetch(`${scene.orthanc.url}/instances/${id}/study`)).json()) as {
      ID: string;
    };
    expect(study.ID).toBe(other?.orthancIds().study);
  });

  it('gives a PDF to images that came with it, though they are taken away before it has settled', async () => {
    await using scene = await openScene({ seed: 481, studies: 1 });
    const [one] = scene.instances;
    const report = join(scene.folder, 'report.pdf');
    await scene.put('one', one?.bytes ?? '');
    await scene.put('report.pdf', '%PDF-1.7\nreport\n');
    await using watching = watch(scene, {
      settleTime: '2s',
      more: ['--dicomize-pdf', '--when-done=delete'],
    });
    await watching.until(() => waitingIn(scene) === 2);
    // By another time it has to settle anew, and the image goes before it is read.
    await utimes(report, 1, 1);
    await watching.until(async () => (await filesIn(scene.folder)).length === 0);
    const { manifest } = await watching.stop();
    expect(manifest.get('report.pdf')?.status).toBe('stored');
  });

  it('gives a PDF to the study of its folder, whatever temporary name an image had on its way', async () => {
    await using scene = await openScene({ seed: 478, studies: 1 });
    const [one, two] = scene.instances;
    await scene.put('a/report.pdf', '%PDF-1.7\nreport\n');
    await scene.put('a/one', one?.bytes ?? '');
    await scene.put('a/.two.Xy12', two?.bytes.subarray(0, 500) ?? '');
    await using watching = watch(scene, { settleTime: '2s', more: ['--dicomize-pdf'] });
    await watching.until(() => waitingIn(scene) === 3);
    await scene.put('a/.two.Xy12', two?.bytes ?? '');
    await rename(join(scene.folder, 'a/.two.Xy12'), join(scene.folder, 'a/two'));
    await watching.until(() => holds(scene, 3));
    const { manifest } = await watching.stop();
    expect(['a/.two.Xy12', 'a/report.pdf'].map((path) => manifest.get(path)?.status)).toEqual([
      'vanished',
      'stored',
    ]);
  });
});

describe('an archive in a folder that is watched', () => {
  it('is read when it is whole, and again when it was replaced', async () => {
    await using scene = await openScene({ seed: 491, studies: 1 });
    const [one, two, three] = scene.instances.map(({ bytes }) => bytes);
    if (!one || !two || !three) throw new Error('too few instances');
    const first = zipOf({ one, two });
    // Read as it is, it would be called damaged.
    await scene.put('day.zip', first.subarray(0, first.length >> 1));
    await using watching = watch(scene, { settleTime: '2s' });
    await watching.until(() => waitingIn(scene) === 1);
    await scene.put('day.zip', first);
    await watching.until(() => holds(scene, 2));
    await scene.put('day.zip', zipOf({ two, three }));
    await watching.until(() => holds(scene, 3));
    const { manifest, stdout } = await watching.stop();
    expect(stdout).not.toContain('ARCHIVE_DAMAGED');
    // Of a member that is in it no more nothing is told; Orthanc holds it.
    expect([...manifest.values()].map(({ path, status }) => [path, status])).toEqual([
      ['day.zip', 'archive'],
      ['day.zip!three', 'stored'],
      ['day.zip!two', 'already-there'],
    ]);
  });
});

describe('a share in a folder that is watched', () => {
  it('is waited for while it is away, and its files lose no attempt', async () => {
    await using scene = await openScene({ seed: 492, studies: 1 });
    const [one, two] = scene.instances;
    expect((await scene.run()).exitCode).toBe(0);
    scene.wasOnDisk('another', 'share');
    await scene.put('share/one', one?.bytes ?? '');
    await using watching = watch(scene, { settleTime: '2s', more: ['--max-retries=0'] });
    await watching.until(() => waitingIn(scene) === 1);
    await rename(join(scene.folder, 'share'), join(scene.work, 'share'));
    await watching.until(() => watching.output().includes('FOLDER_AWAY'));
    await scene.put('two', two?.bytes ?? '');
    await watching.until(() => holds(scene, 1));
    await rename(join(scene.work, 'share'), join(scene.folder, 'share'));
    await watching.until(() => holds(scene, 2));
    const { manifest } = await watching.stop();
    expect([...manifest.values()].map(({ status }) => status)).toEqual(['stored', 'stored']);
  });
});

describe('a share in a folder that is watched and is gone for good', () => {
  it('is told of once, with how to end the wait', async () => {
    await using scene = await openScene({ seed: 493, studies: 1 });
    expect((await scene.run()).exitCode).toBe(0);
    scene.wasOnDisk('another', 'Doe^Jane');
    for (const [at, { bytes }] of scene.instances.entries()) await scene.put(`Doe^Jane/${String(at)}`, bytes);
    await using watching = watch(scene, { settleTime: '2s' });
    await watching.until(() => waitingIn(scene) === scene.instances.length);
    await rm(join(scene.folder, 'Doe^Jane'), { recursive: true });
    const told = (what: string) =>
      watching
        .output()
        .split('\n')
        .filter((line) => line.includes(what));
    await watching.until(
      () =>
        told('file.rescheduled').filter((line) => line.includes('FOLDER_AWAY')).length >
        scene.instances.length,
    );
    expect(told('folder.awaited')).toEqual([expect.stringMatching(/FOLDER_AWAY.*gone for good/)]);
    expect(watching.output()).not.toContain('Doe');
    // What the message says.
    await scene.put('Doe^Jane/gone.txt', 'gone');
    await watching.until(() => waitingIn(scene) === 0);
    const { manifest } = await watching.stop();
    expect(manifest.get('Doe^Jane/0')).toMatchObject({ status: 'vanished' });
  });
});

describe('a run that watches and deletes, killed again and again', () => {
  it('loses nothing, deletes nothing that is not there, and ends cleanly at SIGTERM', async () => {
    await using scene = await openScene({ seed: 476, studies: 6 });
    await scene.putAll();
    const more = [...quick, '--when-done=delete', '--worker-threads-count=2'];
    const isCleared = async () => (await filesIn(scene.folder)).length === 0;
    let [running, uploads, kills] = [startProcess(scene, more), 0, 0];
    scene.proxy.addFault({
      effect: 'answer',
      status: 500,
      rate: 0,
      matching: ({ method, path }) => {
        // A few are still on their way when a process dies.
        if (method === 'POST' && path === '/instances' && ++uploads === 3) running.kill('SIGKILL');
        return false;
      },
    });
    while (kills < 3) {
      await Promise.race([running.ended, until(isCleared)]);
      if (await isCleared()) break;
      kills += 1;
      uploads = 0;
      running = startProcess(scene, more);
    }
    expect(kills).toBeGreaterThan(1);
    uploads = -Infinity;
    await until(isCleared);
    running.kill('SIGTERM');
    expect((await running.ended).exitCode).toBe(130);
    expect(await scene.held()).toEqual(
      new Map(scene.instances.map((instance) => [instance.orthancIds().instance, instance.md5()])),
    );
    const statuses = new Set([...(await running.manifest()).values()].map(({ status }) => status));
    for (const status of statuses) expect(['stored', 'already-there']).toContain(status);
  });
});

describe('labels while a folder is watched', () => {
  it('are on a study again that was deleted meanwhile', async () => {
    await using scene = await openScene({ seed: 490, studies: 1 });
    const [one, two] = scene.instances;
    const study = `${scene.orthanc.url}/studies/${one?.orthancIds().study ?? ''}`;
    const isLabelled = async () => (await (await fetch(`${study}/labels`)).text()).includes('"A"');
    await using watching = watch(scene, { more: ['--labels=A'] });
    await scene.put('one', one?.bytes ?? '');
    await watching.until(isLabelled);
    await fetch(study, { method: 'DELETE' });
    await scene.put('two', two?.bytes ?? '');
    await watching.until(() => holds(scene, 1));
    const { manifest } = await watching.stop();
    expect(manifest.get('two')?.status).toBe('stored');
    expect(await isLabelled()).toBe(true);
  });
});

describe('what is done', () => {
  it('is moved once it is proved, and what is not stored or is a link stays', async () => {
    await using scene = await openScene({ seed: 481, studies: 1 });
    const [one, two, three, four] = scene.instances;
    const done = join(scene.work, 'done');
    await mkdir(done);
    await writeFile(join(done, 'one'), 'of the day before');
    await scene.put('one', one?.bytes ?? '');
    await scene.put('a/two', two?.bytes ?? '');
    await scene.put('junk', 'no image');
    await scene.put('cut', three?.bytes.subarray(0, 200) ?? '');
    await writeFile(join(scene.work, 'elsewhere'), four?.bytes ?? '');
    await symlink(join(scene.work, 'elsewhere'), join(scene.folder, 'link'));
    const more = ['--when-done=move', `--done-folder=${done}`];
    const { exitCode, manifest, summary } = await scene.run({ more });
    expect(exitCode).toBe(3);
    expect(await filesIn(scene.folder)).toEqual(['cut', 'junk', 'link']);
    expect(await filesIn(done)).toEqual(['a/two', 'one', 'one.2']);
    expect(await readFile(join(done, 'one'), 'utf8')).toBe('of the day before');
    expect(await readFile(join(done, 'one.2'))).toEqual(one?.bytes);
    expect(existsSync(join(scene.work, 'elsewhere'))).toBe(true);
    expect([...manifest.values()].map(({ path, status }) => [path, status])).toEqual([
      ['a/two', 'stored'],
      ['cut', 'refused'],
      ['junk', 'not-dicom'],
      ['link', 'stored'],
      ['one', 'stored'],
    ]);
    expect(summary).toMatchObject({ clearedFiles: 2, leftFiles: 0 });
  });

  it('is deleted only when it is proved by its MD5, also when it was imported before', async () => {
    await using scene = await openScene({ seed: 482, studies: 1 });
    await scene.putAll();
    await scene.put('all.zip', zipOf({ a: scene.instances[0]?.bytes ?? Buffer.alloc(0) }));
    await scene.put(
      'mixed.zip',
      zipOf({ a: scene.instances[0]?.bytes ?? Buffer.alloc(0), b: Buffer.from('x') }),
    );
    expect((await scene.run()).exitCode).toBe(0);
    expect(await filesIn(scene.folder)).toHaveLength(scene.instances.length + 2);
    const id = scene.instances[0]?.orthancIds().instance ?? '';
    await fetch(`${scene.orthanc.url}/instances/${id}`, { method: 'DELETE' });
    const run = await scene.run({ more: ['--when-done=delete'] });
    expect(run.exitCode).toBe(0);
    expect(await filesIn(scene.folder)).toEqual(['mixed.zip']);
    // What Orthanc had lost was stored again before its file went.
    expect((await scene.held()).size).toBe(scene.instances.length);
    const again = await scene.run({ more: ['--when-done=delete'] });
    expect([...again.manifest]).toEqual([...run.manifest]);
  });

  it('is not deleted when Orthanc holds other content, and a file that comes again is looked at again', async () => {
    await using scene = await openScene({ seed: 483, studies: 1 });
    const bytes = scene.instances[0]?.bytes ?? Buffer.alloc(0);
    const other = Buffer.from(bytes);
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    const time = new Date('2024-01-02T03:04:05Z');
    const more = ['--when-done=delete'];
    await scene.put('image', bytes);
    await utimes(join(scene.folder, 'image'), time, time);
    expect((await scene.run({ more })).exitCode).toBe(0);
    expect(await filesIn(scene.folder)).toEqual([]);
    // The same name, size and time, and yet not what was proved.
    await scene.put('image', other);
    await utimes(join(scene.folder, 'image'), time, time);
    const { exitCode, manifest } = await scene.run({ more });
    expect([exitCode, manifest.get('image')?.code]).toEqual([3, 'CONTENT_CONFLICT']);
    expect(await filesIn(scene.folder)).toEqual(['image']);
  });

  it('refuses a place for it that would be imported again, and needs one to move to', async () => {
    await using scene = await openScene({ seed: 484, studies: 1 });
    const inside = await scene.run({ more: ['--when-done=move', `--done-folder=${scene.folder}/done`] });
    expect([inside.exitCode, inside.stderr]).toEqual([
      2,
      expect.stringContaining('--done-folder (DONE_FOLDER)'),
    ]);
    const nowhere = await scene.run({ more: ['--when-done=move'] });
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([
      2,
      expect.stringContaining('--done-folder (DONE_FOLDER)'),
    ]);
    await rm(scene.folder, { recursive: true });
    await mkdir(scene.folder);
  });
});
