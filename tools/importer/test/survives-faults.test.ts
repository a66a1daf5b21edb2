import { chmod, mkdir, mkdtemp, readFile, rename, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { endsAt, isUpload } from './ends-at.ts';
import { type Scene, openScene, statusesIn } from './import-scene.ts';
import { startAsAnybody } from './tool-process.ts';
import { zipOf } from './zip-fixture.ts';

/** Ends when the first file has been sent: all others of the folder are known then, and wait, however late the signal is heard. */
async function runUntilFirstUpload(scene: Scene): Promise<void> {
  const ending = new AbortController();
  const isLater = (): boolean => {
    const { aborted } = ending.signal;
    ending.abort();
    return aborted;
  };
  const removeFault = scene.proxy.addFault({
    effect: 'answer',
    status: 503,
    matching: (request) => isUpload(request) && isLater(),
  });
  await scene.run({ signal: ending.signal });
  removeFault();
}

/** All files are found, none is stored, and all wait to be tried again. */
async function runInVain(scene: Scene): Promise<void> {
  const removeFault = scene.proxy.addFault({ effect: 'answer', status: 500, matching: isUpload });
  await scene.run({ more: ['--max-retries=0'] });
  removeFault();
  await scene.requeue();
}

describe('an import that meets trouble', () => {
  it('loses nothing when uploads are refused for the moment, cut, or unanswered', async () => {
    await using scene = await openScene({ seed: 411, studies: 6 });
    await scene.putAll();
    scene.proxy.addFault({ effect: 'answer', status: 503, matching: isUpload, rate: 0.2, times: 10 });
    scene.proxy.addFault({ effect: 'cut-request', afterBytes: 500, matching: isUpload, rate: 0.1, times: 4 });
    scene.proxy.addFault({ effect: 'lose-answer', matching: isUpload, rate: 0.1, times: 4 });
    const { exitCode } = await scene.run();
    expect(exitCode).toBe(0);
    expect(scene.proxy.faultCount('answer') + scene.proxy.faultCount('lose-answer')).toBeGreaterThan(0);
    expect((await scene.held()).size).toBe(scene.instances.length);
  });

  it('waits for an Orthanc behind something that still answers, and no file loses an attempt', async () => {
    await using scene = await openScene({ seed: 416 });
    await scene.putAll();
    let [seen, isAway] = [0, false];
    scene.proxy.addFault({
      effect: 'answer',
      status: 502,
      matching: (request) => {
        if (isUpload(request) && ++seen === 5) isAway = true;
        return isAway;
      },
    });
    const { exitCode, stdout } = await scene.run({
      more: ['--max-retries=0'],
      onOutput: (printed) => {
        if (printed.includes('tool.paused')) isAway = false;
      },
    });
    expect(stdout).toContain('tool.paused');
    expect(exitCode).toBe(0);
    expect((await scene.held()).size).toBe(scene.instances.length);
  });

  it('keeps no others out for a file that is larger than all that Orthanc may hold', async () => {
    const configuration = { MaximumStorageSize: 1, MaximumStorageMode: 'Reject' };
    await using scene = await openScene({ seed: 419, studies: 2, orthanc: { configuration } });
    await scene.putAll();
    const one = { studies: 1, seriesPerStudy: 1, instancesPerSeries: 1, modalities: ['CT'] };
    for (const study of synthesizeArchive({ ...one, seed: 420, imageSize: 1024 }))
      for (const { bytes } of study.instances()) await scene.put('large.dcm', bytes);
    const { exitCode, manifest } = await scene.run();
    expect(manifest.get('large.dcm')).toMatchObject({ status: 'refused', code: 'DESTINATION_TOO_SMALL' });
    expect(exitCode).toBe(3);
    expect((await scene.held()).size).toBe(scene.instances.length);
  });

  it.each([
    ['a file', 'study0/Letter.pdf', (pdf: Buffer) => pdf],
    [
      'a member of an archive',
      'papers.zip',
      (pdf: Buffer, image: Uint8Array) => zipOf({ image, 'Letter.pdf': pdf }),
    ],
  ])('waits likewise before a PDF that is %s loses an attempt', async (_, name, contentOf) => {
    await using scene = await openScene({ seed: 418, studies: 1 });
    await scene.putAll();
    await scene.put(name, contentOf(Buffer.from('%PDF-1.7\n'), scene.instances[0]?.bytes ?? Buffer.of()));
    let [isAway, isBack] = [false, false];
    scene.proxy.addFault({
      effect: 'answer',
      status: 502,
      matching: ({ path }) => {
        isAway ||= path.endsWith('/simplified-tags');
        return isAway && !isBack;
      },
    });
    const { exitCode } = await scene.run({
      more: ['--dicomize_pdf', '--max-retries=0'],
      onOutput: (printed) => {
        isBack ||= printed.includes('tool.paused');
      },
    });
    expect([isBack, exitCode]).toEqual([true, 0]);
    expect((await scene.held()).size).toBe(scene.instances.length + 1);
  });

  it('takes nothing for vanished over the place at which its share is not mounted', async () => {
    await using scene = await openScene({ seed: 417, studies: 6 });
    await scene.putAll();
    await runUntilFirstUpload(scene);
    await rename(scene.folder, `${scene.folder}.elsewhere`);
    await mkdir(scene.folder);
    // As if the files were on another disk than their empty folder.
    scene.wasOnDisk('another');
    const over = await scene.run();
    expect([over.exitCode, over.stderr]).toEqual([
      2,
      expect.stringMatching(/--folder-path \(FOLDER_PATH\)[^]*FOLDER_AWAY/),
    ]);
    await rmdir(scene.folder);
    await rename(`${scene.folder}.elsewhere`, scene.folder);
    const { exitCode, manifest } = await scene.run();
    expect(exitCode).toBe(0);
    expect([...manifest.values()].filter(({ status }) => status === 'vanished')).toEqual([]);
    expect((await scene.held()).size).toBe(scene.instances.length);
  });

  it('takes nothing for vanished over the place at which a share in its folder is not mounted', async () => {
    await using scene = await openScene({ seed: 419, studies: 6 });
    await scene.putAll();
    await runInVain(scene);
    const shares = [0, 5].map((study) => join(scene.folder, `study${String(study)}`));
    for (const share of shares) {
      await rename(share, join(scene.work, basename(share)));
      scene.wasOnDisk('another', basename(share));
    }
    // Of one the place is there, of the other, as behind a link, not even that.
    await mkdir(shares[0] ?? '');
    const over = await scene.run({ more: ['--max-retries=0'] });
    expect(over.exitCode).toBe(3);
    const away = [...over.manifest.values()].filter(({ code }) => code === 'FOLDER_AWAY');
    expect([away.length > 0, statusesIn(over)['vanished']]).toEqual([true, undefined]);
    await rmdir(shares[0] ?? '');
    for (const share of shares) await rename(join(scene.work, basename(share)), share);
    await scene.requeue();
    expect((await scene.run()).exitCode).toBe(0);
    expect((await scene.held()).size).toBe(scene.instances.length);
  });

  it('takes nothing for vanished either where that place is on a third disk, however often it is looked at', async () => {
    await using scene = await openScene({ seed: 420, studies: 3 });
    for (const [at, { bytes }] of scene.instances.entries()) await scene.put(`share/${String(at)}`, bytes);
    await runUntilFirstUpload(scene);
    const share = join(scene.folder, 'share');
    await rename(share, join(scene.work, 'share'));
    scene.wasOnDisk('another', 'share');
    await using stack = new AsyncDisposableStack();
    // A file system of its own on every Linux.
    const third = await mkdtemp('/dev/shm/importer-');
    stack.defer(() => rm(third, { recursive: true }));
    await symlink(third, share);
    for (let look = 0; look < 2; look += 1) {
      const run = await scene.run({ more: ['--max-retries=0'] });
      const { refused = 0, vanished } = statusesIn(run);
      expect([run.exitCode, refused > 0, vanished]).toEqual([3, true, undefined]);
      await scene.requeue();
    }
    await rm(share);
    await rename(join(scene.work, 'share'), share);
    expect((await scene.run()).exitCode).toBe(0);
    expect((await scene.held()).size).toBe(scene.instances.length);
  });

  it('goes on where its folder was emptied while files still waited', async () => {
    await using scene = await openScene({ seed: 418, studies: 6 });
    await scene.putAll();
    await runUntilFirstUpload(scene);
    await rm(scene.folder, { recursive: true });
    await mkdir(scene.folder);
    const run = await scene.run();
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    const { waiting, vanished = 0 } = statusesIn(run);
    expect([waiting, vanished > 0]).toEqual([undefined, true]);
  });

  it('waits for an Orthanc that goes away, and no file loses an attempt', async () => {
    await using scene = await openScene({ seed: 412 });
    await scene.putAll();
    let seen = 0;
    scene.proxy.addFault({
      effect: 'answer',
      status: 500,
      rate: 0,
      matching: (request) => {
        if (isUpload(request) && ++seen === 5) void scene.proxy.disturb({ refuse: true });
        return false;
      },
    });
    const { exitCode, stdout } = await scene.run({
      more: ['--max-retries=0'],
      onOutput: (printed) => {
        if (printed.includes('tool.paused')) void scene.proxy.disturb({ refuse: false });
      },
    });
    expect(stdout).toContain('tool.paused');
    expect(exitCode).toBe(0);
    expect((await scene.held()).size).toBe(scene.instances.length);
  });

  it.each([
    // What is sent to such an Orthanc must be known beforehand.
    [true, 'IDENTIFIERS_UNREADABLE'],
    [false, 'INSTANCE_NOT_DICOM'],
  ])(
    'sets aside what Orthanc refuses, filters or holds otherwise, each with its code, and exits with 3 (OverwriteInstances %s)',
    async (OverwriteInstances, ofCut) => {
      await using scene = await openScene({
        seed: 413,
        studies: 1,
        orthanc: {
          files: {
            'filter.lua':
              "function ReceivedInstanceFilter(dicom, origin)\n  return dicom.InstanceNumber ~= '2'\nend\n",
          },
          configuration: { LuaScripts: ['files:filter.lua'], OverwriteInstances },
        },
      });
      const [first, second, third] = scene.instances;
      await scene.put('good', first?.bytes ?? '');
      await scene.put('filtered', second?.bytes ?? '');
      await scene.run();
      const other = Buffer.from(first?.bytes ?? '');
      other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
      await scene.put('zz-conflict', other);
      await scene.put('cut', third?.bytes.subarray(0, 200) ?? '');
      const errors = join(scene.work, 'errors.txt');
      const run = await scene.run({ more: [`--errors_path=${errors}`, '--max-retries=2'] });
      expect(run.exitCode).toBe(3);
      expect(
        Object.fromEntries([...run.manifest].map(([path, { status, code }]) => [path, [status, code]])),
      ).toEqual({
        cut: ['refused', ofCut],
        filtered: ['filtered', 'INSTANCE_FILTERED'],
        good: ['stored', undefined],
        'zz-conflict': ['refused', 'CONTENT_CONFLICT'],
      });
      expect(await scene.held()).toEqual(new Map([[first?.orthancIds().instance, first?.md5()]]));
      const listed = ['cut', 'filtered', 'zz-conflict'].map((name) => join(scene.folder, name));
      expect((await readFile(errors, 'utf8')).trimEnd().split('\n').sort()).toEqual(listed);
      expect(run.stdout).not.toContain('zz-conflict');
    },
  );

  it('overwrites no image that Orthanc holds, also where the file is a bare data set', async () => {
    await using scene = await openScene({
      seed: 419,
      studies: 1,
      orthanc: { configuration: { OverwriteInstances: true } },
    });
    const [first] = scene.instances;
    await scene.put('whole', first?.bytes ?? '');
    await scene.run();
    const held = await scene.held();
    await scene.put('bare', first?.bytes.subarray(144 + first.bytes.readUInt32LE(140)) ?? '');
    const run = await scene.run();
    expect([run.exitCode, run.manifest.get('bare')?.code]).toEqual([3, 'CONTENT_CONFLICT']);
    expect(await scene.held()).toEqual(held);
  });

  it('exits with 2 when the folder, the manifest or the server cannot be used', async () => {
    await using scene = await openScene({ seed: 415, studies: 1 });
    const missing = await scene.run({
      argv: [`--folder-path=${scene.work}/missing`, `--url=${scene.proxy.url}`],
    });
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining('missing')]);
    const manifest = await scene.run({
      more: [`--manifest-path=${scene.work}/no/m.csv`],
      argv: [
        `--folder-path=${scene.folder}`,
        `--url=${scene.proxy.url}`,
        `--manifest=${scene.work}/no/m.csv`,
      ],
    });
    expect([manifest.exitCode, manifest.stderr]).toEqual([2, expect.stringContaining('m.csv')]);
    await scene.proxy.disturb({ refuse: true });
    expect((await scene.run()).exitCode).toBe(2);
  });

  it('goes on where it was interrupted', async () => {
    await using scene = await openScene({ seed: 416, studies: 40 });
    await scene.putAll();
    const cut = await scene.run({ signal: endsAt(scene.proxy, 20, isUpload) });
    expect(cut.exitCode).toBe(130);
    expect((await scene.held()).size).toBeLessThan(scene.instances.length);
    const rest = await scene.run();
    expect(rest.exitCode).toBe(0);
    expect((await scene.held()).size).toBe(scene.instances.length);
    expect(statusesIn(rest)['waiting']).toBeUndefined();
  });

  it('sets aside what the destination changes', async () => {
    await using scene = await openScene({
      seed: 414,
      studies: 1,
      // GDCM, which Orthanc would ask first, crashes it when it converts on arrival (1.12.7 and 1.13.0).
      orthanc: {
        configuration: {
          IngestTranscoding: '1.2.840.10008.1.2',
          BuiltinDecoderTranscoderOrder: 'Before',
        },
      },
    });
    await scene.put('image', scene.instances[0]?.bytes ?? '');
    const { exitCode, manifest } = await scene.run();
    expect(exitCode).toBe(3);
    expect(manifest.get('image')?.code).toBe('CONTENT_CHANGED');
  });

  it('lists what it may not read, and imports the rest', async () => {
    await using scene = await openScene({ seed: 417, studies: 1 });
    const [locked, hidden, open] = scene.instances;
    await scene.put('locked', locked?.bytes ?? '');
    await scene.put('folder/hidden', hidden?.bytes ?? '');
    await scene.put('open', open?.bytes ?? '');
    await chmod(join(scene.folder, 'locked'), 0);
    await chmod(join(scene.folder, 'folder'), 0);
    const run = await startAsAnybody(scene);
    expect((await run.ended).exitCode).toBe(3);
    const manifest = await run.manifest();
    expect(
      Object.fromEntries([...manifest.values()].map(({ path, status, code }) => [path, code ?? status])),
    ).toEqual({ 'folder/': 'FOLDER_UNREADABLE', locked: 'FILE_UNREADABLE', open: 'stored' });
    await chmod(join(scene.folder, 'folder'), 0o755);
    await chmod(join(scene.folder, 'locked'), 0o644);
    await scene.requeue();
    const again = await scene.run();
    expect(again.exitCode).toBe(0);
    expect(
      Object.fromEntries(
        [...again.manifest.values()].map(({ path, status, code }) => [path, code ?? status]),
      ),
    ).toEqual({ 'folder/': 'FOLDER_READ', 'folder/hidden': 'stored', locked: 'stored', open: 'stored' });
  });

  it('reads the state file of the Python tool, never writes it, and proves again what it claims', async () => {
    await using scene = await openScene({ seed: 418 });
    await scene.putAll();
    const state = join(scene.work, 'state.txt');
    const claims = `${scene.folder}/study0\n${scene.folder}/study1\n`;
    await writeFile(state, claims);
    const argv = `--folder_path=${scene.folder} --url=${scene.proxy.url} --user=test --password=test --max_retries=3 --state_path=${state}`;
    const { exitCode, stdout } = await scene.run({ argv: argv.split(' ') });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"folders":2');
    expect(await readFile(state, 'utf8')).toBe(claims);
    expect((await scene.held()).size).toBe(scene.instances.length);
  });
});
