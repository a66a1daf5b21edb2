import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@orthanc-tools/failures';
import { type Scene, openScene } from './import-scene.ts';

interface Examination {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  /** Level, what was found and what to do about it. */
  told(subject: string, check: string): string;
}

async function examine(scene: Scene, more: readonly string[] = []): Promise<Examination> {
  const usual = {
    '--folder-path': scene.folder,
    '--url': scene.proxy.url,
    '--ledger-path': join(scene.work, 'new/ledger.sqlite'),
  };
  const given = new Set(more.map((argument) => argument.split('=')[0]));
  const argv = Object.entries(usual)
    .filter(([flag]) => !given.has(flag))
    .map(([flag, value]) => `${flag}=${value}`);
  const { exitCode, stdout } = await scene.run({ argv: ['doctor', '--json', ...argv, ...more] });
  const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
  return {
    exitCode,
    findings,
    told: (subject, check) =>
      findings
        .filter((finding) => finding.subject === subject && finding.check === check)
        .map(({ verdict, found, remedy = '' }) => `${verdict}: ${found} -> ${remedy}`)
        .join('\n'),
  };
}

describe('doctor', () => {
  it('finds folder, server and ledger sound, and leaves nothing behind', async () => {
    await using scene = await openScene({ seed: 491, studies: 1 });
    const { exitCode, findings, told } = await examine(scene, ['--labels-list=A']);
    expect([exitCode, findings.filter(({ verdict }) => verdict !== 'ok')]).toEqual([0, []]);
    expect(told('Orthanc', 'version')).toContain('Orthanc 1.');
    expect(findings.map(({ subject, check }) => `${subject} ${check}`)).toEqual([
      'Orthanc version',
      'Orthanc right to store',
      'Orthanc stored MD5',
      'Orthanc overwriting',
      'Orthanc limits',
      'Orthanc labels',
      'folder folder',
      'ledger file',
    ]);
    expect((await scene.held()).size).toBe(0);
    expect(await readdir(scene.work)).toEqual(['import']);
    expect(await readdir(scene.folder)).toEqual([]);
  });

  it.each([
    [{ StoreMD5ForAttachments: false }, 'stored MD5', /^warning: not kept -> .*StoreMD5ForAttachments/, 0],
    [
      { MaximumStorageSize: 100 },
      'limits',
      /^warning: 100 MB; beyond that it deletes the oldest patients -> .*MaximumStorageSize/,
      0,
    ],
    [
      { MaximumPatientCount: 5, MaximumStorageMode: 'Reject' },
      'limits',
      /^warning: 5 patients; .* refuses/,
      0,
    ],
    [{ IngestTranscoding: '1.2.840.10008.1.2' }, 'transcoding on arrival', /^warning: to 1\.2\.840/, 0],
    [{ ReadOnly: true }, 'read-only', /^problem: it is read-only -> Set ReadOnly/, 2],
    [{ OverwriteInstances: true }, 'overwriting', /^ok: Always; the importer itself overwrites nothing/, 0],
  ])('tells of an Orthanc with %j', async (configuration, check, sentence, expected) => {
    await using scene = await openScene({ seed: 492, studies: 1, orthanc: { configuration } });
    const { exitCode, told } = await examine(scene);
    expect([told('Orthanc', check), exitCode]).toEqual([expect.stringMatching(sentence), expected]);
  });

  it('tells of a server that is away, and of credentials that are wrong, and still of the folder', async () => {
    const orthanc = { configuration: { AuthenticationEnabled: true, RegisteredUsers: { doctor: 'right' } } };
    await using scene = await openScene({ seed: 493, studies: 1, orthanc });
    const wrong = await examine(scene, ['--user=doctor', '--password=wrong-word']);
    expect([wrong.exitCode, wrong.told('Orthanc', 'answer')]).toEqual([
      2,
      expect.stringMatching(/^problem: .*401.* -> .*password/),
    ]);
    expect(JSON.stringify(wrong.findings)).not.toContain('wrong-word');
    expect(wrong.told('folder', 'folder')).toMatch(/^ok/);
    await scene.proxy.disturb({ refuse: true });
    expect((await examine(scene)).told('Orthanc', 'answer')).toMatch(/^problem/);
  });

  it('tells of a user who may look and not store', async () => {
    await using scene = await openScene({ seed: 494, studies: 1 });
    scene.proxy.addFault({
      effect: 'answer',
      status: 403,
      matching: ({ method, path }) => method === 'POST' && path === '/instances',
    });
    const { exitCode, told } = await examine(scene);
    expect([exitCode, told('Orthanc', 'right to store')]).toEqual([
      2,
      expect.stringMatching(/^problem: .*403.* -> Allow this user POST \/instances/),
    ]);
  });

  it('tells of places that cannot be used, each with its option', async () => {
    await using scene = await openScene({ seed: 495, studies: 1 });
    const file = join(scene.work, 'file');
    await writeFile(file, '');
    await mkdir(join(scene.work, 'folder'));
    const { exitCode, told } = await examine(scene, [
      `--folder-path=${scene.work}/missing`,
      `--ledger-path=${file}/ledger.sqlite`,
      `--manifest=${file}/manifest.csv`,
      `--errors-path=${file}/errors.txt`,
      '--when-done=move',
      `--done-folder=${file}/done`,
    ]);
    expect(exitCode).toBe(2);
    expect(told('folder', 'folder')).toMatch(/^problem: .*missing cannot be read \(ENOENT\) -> /);
    expect(told('folder', 'clearing')).toMatch(/^problem: .*\(ENOENT\) -> /);
    expect(told('done folder', 'folder')).toContain('--done-folder (DONE_FOLDER)');
    expect(told('ledger', 'file')).toContain('--ledger-path (LEDGER_PATH)');
    expect(told('manifest', 'file')).toContain('--manifest (MANIFEST)');
    expect(told('errors', 'file')).toContain('--errors-path (ERRORS_PATH)');
  });

  it('tells of a folder for what is done that lies in the imported one by way of a link', async () => {
    await using scene = await openScene({ seed: 496, studies: 1 });
    const link = join(scene.work, 'link');
    await symlink(scene.folder, link);
    const more = ['--when-done=move', `--done-folder=${link}/done`];
    const { exitCode, told } = await examine(scene, more);
    expect([exitCode, told('done folder', 'folder')]).toEqual([
      2,
      expect.stringMatching(/^problem: .*lies in the folder that is imported -> .*--done-folder/),
    ]);
    const run = await scene.run({ more });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('--done-folder')]);
    expect(await readdir(scene.folder)).toEqual([]);
  });
});
