import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@orthanc-tools/failures';
import { type FinishedRun, openScene, populate } from './populate-scene.ts';

const findingsIn = ({ stdout }: FinishedRun): readonly Finding[] =>
  (JSON.parse(stdout) as { findings: readonly Finding[] }).findings;

const told = (run: FinishedRun, subject: string, check: string): string =>
  findingsIn(run)
    .filter((finding) => finding.subject === subject && finding.check === check)
    .map(({ verdict, found, remedy = '' }) => `${verdict}: ${found} -> ${remedy}`)
    .join('\n');

describe('doctor', () => {
  it('finds a healthy server sound, says how much would be made, and leaves nothing behind', async () => {
    await using scene = await openScene();
    const run = await populate(
      `doctor --json --url ${scene.orthanc.url} --studies 5000 --series 2 --instances 5 --manifest ${scene.path('new/m.jsonl')}`,
    );
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(findingsIn(run).filter(({ verdict }) => verdict === 'problem')).toEqual([]);
    expect(told(run, 'Orthanc', 'right to store')).toContain('ok: given');
    expect(told(run, 'archive', 'size')).toMatch(
      /^ok: 5,000 studies of about [\d,]+ patients with about 50,000/,
    );
    expect(told(run, 'manifest', 'writing')).toContain('ok:');
    expect(await scene.ask('/instances')).toEqual([]);
    expect(await readdir(scene.path('.'))).toEqual([]);
  });

  it('calls a manifest in a missing folder sound, as the run makes the folder', async () => {
    await using scene = await openScene();
    const manifest = scene.path('new/folder/m.jsonl');
    const { exitCode } = await populate(`--dry-run --studies 2 --manifest ${manifest}`);
    expect(exitCode).toBe(0);
    expect(await readdir(scene.path('new/folder'))).toEqual(['m.jsonl']);
  });

  it.each([
    [{ AuthenticationEnabled: true, RegisteredUsers: { a: 'b' } }, 'answer', 'problem'],
    [{ ReadOnly: true }, 'right to store', 'problem'],
    [{ IngestTranscoding: '1.2.840.10008.1.2.4.80' }, 'transcoding on arrival', 'warning'],
    [{ MaximumStorageSize: 10, MaximumPatientCount: 3 }, 'storage limit', 'warning'],
    [{ HttpThreadsCount: 2 }, 'HTTP threads', 'warning'],
  ])('sees what is in the way: %j', async (configuration, check, verdict) => {
    await using scene = await openScene({ configuration });
    const run = await populate(`doctor --json --url ${scene.orthanc.url} --studies 2`);
    expect(run.exitCode).toBe(verdict === 'problem' ? 2 : 0);
    expect(told(run, 'Orthanc', check)).toMatch(new RegExp(`^${verdict}: .+ -> .+`));
  });

  it('counts edge cases, and refuses what a run would refuse', async () => {
    const doctor = (given: string) => populate(`doctor --json --dry-run --studies 0 --edge-cases ${given}`);
    const sound = await doctor('duplicate-accession,long-uid');
    expect(sound.exitCode).toBe(0);
    expect(told(sound, 'archive', 'edge cases')).toBe('ok: 3 studies with 3 instances besides -> ');
    const unknown = await doctor('no-such-case');
    expect(unknown.exitCode).toBe(2);
    expect(told(unknown, 'populator', 'OPTIONS_INVALID')).toContain('no-such-case');
    const missing = await doctor('long-uid --attachments 1025=@/nowhere/letter.pdf');
    expect(missing.exitCode).toBe(2);
    expect(told(missing, 'attachments', 'reading')).toContain('/nowhere/letter.pdf');
  });

  it('says where nobody answers, and what place cannot be written', async () => {
    const nobody = await populate('doctor --json --url http://127.0.0.1:9 --studies 2');
    expect(nobody.exitCode).toBe(2);
    expect(told(nobody, 'Orthanc', 'answer')).toContain('127.0.0.1:9');

    await using scene = await openScene();
    await writeFile(scene.path('file'), '');
    await mkdir(scene.path('folder'));
    await chmod(scene.path('folder'), 0o555);
    const run = await populate(
      `doctor --json --studies 2 --output ${scene.path('file')} --manifest ${scene.path('folder')}`,
    );
    expect(run.exitCode).toBe(2);
    expect(told(run, 'output', 'writing')).toMatch(/^problem: .+\(ENOTDIR\) -> .+--output \(OUTPUT\)/);
    expect(told(run, 'manifest', 'writing')).toMatch(/^problem: .+\(EISDIR\) -> .+--manifest \(MANIFEST\)/);
    expect(told(run, 'Orthanc', 'answer')).toBe('');
  });
});
