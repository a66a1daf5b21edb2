import { readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openScene, statusesIn } from './import-scene.ts';
import { zipOf } from './zip-fixture.ts';

const uploads = (requests: readonly { method: string; path: string }[]) =>
  requests.filter(({ method, path }) => method === 'POST' && path === '/instances');

describe('an import', () => {
  it('stores every file with equal MD5, and a second run sends and opens nothing', async () => {
    await using scene = await openScene({ seed: 401 });
    await scene.putAll();
    const first = await scene.run();
    expect(first.stderr).toBe('');
    expect(first.exitCode).toBe(0);
    expect(await scene.held()).toEqual(
      new Map(scene.instances.map((instance) => [instance.orthancIds().instance, instance.md5()])),
    );
    expect(first.summary).toMatchObject({ storedInstances: scene.instances.length, setAsideFiles: 0 });
    expect(first.manifest.get('study0/image0')).toEqual({
      path: 'study0/image0',
      status: 'stored',
      id: scene.instances[0]?.orthancIds().instance,
      size: scene.instances[0]?.bytes.length,
      md5: scene.instances[0]?.md5(),
    });

    scene.proxy.forget();
    const second = await scene.run();
    expect(second.exitCode).toBe(0);
    // It asks who Orthanc is, how much it holds and how far it is.
    const general = new Set(['/system', '/statistics', '/tools/now']);
    expect(scene.proxy.requests.filter(({ path }) => !general.has(path))).toEqual([]);
    expect([...second.manifest]).toEqual([...first.manifest]);
  });

  it.each(['report', 'html-report', 'manifest', 'errors-path'])(
    'writes over no image, whatever --%s says, and leaves it as it was',
    async (option) => {
      await using scene = await openScene({ seed: 430, studies: 1 });
      await scene.putAll();
      const image = join(scene.folder, 'study0/image0');
      const before = await readFile(image);
      for (const command of [[], ['doctor']]) {
        const { exitCode, stdout, stderr } = await scene.run({
          argv: [
            ...command,
            `--folder-path=${scene.folder}`,
            `--url=${scene.proxy.url}`,
            `--${option}=${image}`,
          ],
        });
        expect(exitCode).toBe(2);
        expect(command.length > 0 ? stdout : stderr).toMatch(new RegExp(`--${option} \\(.*is to import`));
      }
      expect(await readFile(image)).toEqual(before);
    },
  );

  it('proves what is there already, when it has no ledger, and sends nothing', async () => {
    await using scene = await openScene({ seed: 402 });
    await scene.putAll();
    await scene.run();
    scene.proxy.forget();
    const again = await scene.run({
      argv: [
        `--folder-path=${scene.folder}`,
        `--url=${scene.proxy.url}`,
        `--ledger-path=${scene.work}/other.sqlite`,
        `--manifest=${scene.work}/manifest.jsonl`,
      ],
    });
    expect(again.exitCode).toBe(0);
    expect(statusesIn(again)).toEqual({ 'already-there': scene.instances.length });
    expect(uploads(scene.proxy.requests)).toEqual([]);
  });

  it('warns where nothing in the folder is an image', async () => {
    await using scene = await openScene({ seed: 409, studies: 1 });
    await scene.put('notes', 'not an image');
    const warned = await scene.run();
    expect(warned.exitCode).toBe(0);
    expect(warned.stdout).toContain('folder.without_images');
    await scene.put('a', scene.instances[0]?.bytes ?? '');
    expect((await scene.run()).stdout).not.toContain('folder.without_images');
  });

  it('sees a file that has changed, and one that is new', async () => {
    await using scene = await openScene({ seed: 403, studies: 1 });
    await scene.put('a', scene.instances[0]?.bytes ?? '');
    await scene.put('b', 'not an image');
    expect(statusesIn(await scene.run())).toEqual({ stored: 1, 'not-dicom': 1 });
    await scene.put('b', scene.instances[1]?.bytes ?? '');
    await scene.put('c', scene.instances[2]?.bytes ?? '');
    await utimes(join(scene.folder, 'a'), new Date(), new Date(Date.now() + 5000));
    const again = await scene.run();
    expect(again.summary).toMatchObject({ storedInstances: 2, alreadyThereInstances: 1 });
    expect((await scene.held()).size).toBe(3);
  });

  it('imports again what Orthanc has lost since, and nothing else', async () => {
    await using scene = await openScene({ seed: 407, studies: 2 });
    await scene.putAll();
    const [first, second] = scene.instances;
    await scene.put('more.zip', zipOf({ a: first?.bytes ?? Buffer.alloc(0) }));
    expect((await scene.run()).exitCode).toBe(0);
    const lost = second?.orthancIds().instance ?? '';
    await fetch(`${scene.orthanc.url}/instances/${lost}`, { method: 'DELETE' });
    scene.proxy.forget();
    const again = await scene.run();
    expect([again.exitCode, again.summary['storedInstances']]).toEqual([0, 1]);
    expect(again.stdout).toContain('"server.holds_less"');
    expect(uploads(scene.proxy.requests)).toHaveLength(1);
    expect((await scene.held()).size).toBe(scene.instances.length);
  });

  it('streams what is large', async () => {
    await using scene = await openScene({ seed: 404, studies: 1, imageSize: 1700 });
    await scene.putAll();
    const { exitCode } = await scene.run();
    expect(exitCode).toBe(0);
    expect(scene.instances[0]?.bytes.length).toBeGreaterThan(5_000_000);
    expect([...(await scene.held()).values()].sort()).toEqual(scene.instances.map((one) => one.md5()).sort());
  });

  it('lists what is no image, at no cost of a request, and writes CSV when asked', async () => {
    await using scene = await openScene({ seed: 405, studies: 1 });
    const [image, bare] = scene.instances;
    await scene.put('image, one.DCM', image?.bytes ?? '');
    await scene.put('bare', bare?.bytes.subarray(132) ?? '');
    await scene.put('empty', '');
    await scene.put('notes.txt', 'hello');
    await scene.put('picture.BMP', 'BM');
    await scene.put('report.pdf', '%PDF-1.7');
    await scene.put(
      'DICOMDIR',
      Buffer.concat([Buffer.alloc(128), Buffer.from('DICM1.2.840.10008.1.3.10\0')]),
    );
    await symlink('.', join(scene.folder, 'loop'));
    await writeFile(Buffer.concat([Buffer.from(`${scene.folder}/odd`), Buffer.from([0xff])]), 'x');
    const { exitCode, manifest } = await scene.run({ more: ['--skip_extensions=.bmp,.ini'] });
    expect(exitCode).toBe(0);
    expect(
      Object.fromEntries([...manifest].map(([path, { status, code }]) => [path, code ?? status])),
    ).toEqual({
      DICOMDIR: 'DICOMDIR',
      bare: 'stored',
      empty: 'EMPTY',
      'image, one.DCM': 'stored',
      loop: 'LINK_LOOP',
      'notes.txt': 'NOT_DICOM',
      'odd\\xff': 'NOT_DICOM',
      'picture.BMP': 'EXTENSION_SKIPPED',
      'report.pdf': 'PDF',
    });
    expect(uploads(scene.proxy.requests)).toHaveLength(2);
    const csv = join(scene.work, 'm.csv');
    await scene.run({
      more: ['--skip_extensions=.bmp,.ini'],
      argv: [
        `--folder-path=${scene.folder}`,
        `--url=${scene.proxy.url}`,
        `--ledger-path=${scene.work}/ledger.sqlite`,
        `--manifest=${csv}`,
        '--skip-extensions=.bmp,.ini',
      ],
    });
    const lines = (await readFile(csv, 'utf8')).trimEnd().split('\n');
    expect(lines[0]).toBe('path,status,id,size,md5,code,reason');
    expect(lines.some((line) => line.startsWith('"image, one.DCM",stored,'))).toBe(true);
  });

  it('counts and stores nothing in a dry run', async () => {
    await using scene = await openScene({ seed: 406, studies: 2 });
    await scene.putAll();
    await scene.put(
      'more.zip',
      zipOf({
        a: scene.instances[0]?.bytes ?? Buffer.alloc(0),
        b: Buffer.from('text'),
        c: Buffer.from('%PDF-1.7'),
      }),
    );
    await scene.put('notes.txt', 'hello');
    await scene.put('report.pdf', '%PDF-1.7');
    const { exitCode, summary } = await scene.run({ more: ['--dry-run'] });
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ studies: 2, instances: 17, archives: 1, pdfs: 2, notDicomFiles: 2 });
    expect(scene.proxy.requests).toEqual([]);
  });
});
