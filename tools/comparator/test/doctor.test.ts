import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@orthanc-tools/failures';
import { type RunningOrthanc, openTestbed } from '@orthanc-tools/orthanc-testbed';
import { openScene } from './comparison-scene.ts';

const shape = { studies: 6, studyDates: { from: '20240101', to: '20240110' } } as const;
const days = ['--from-study-date', '20240101', '--to-study-date', '20240110'];

async function tell(server: RunningOrthanc, path: string, content: unknown): Promise<void> {
  const answer = await fetch(new URL(path, server.url), { method: 'PUT', body: JSON.stringify(content) });
  if (!answer.ok) throw new Error(`${path}: ${String(answer.status)}`);
}

const findingsIn = (stdout: string): readonly Finding[] =>
  (JSON.parse(stdout) as { findings: readonly Finding[] }).findings;

describe('doctor', () => {
  it('finds both sides sound, and leaves nothing behind', async () => {
    await using scene = await openScene({ seed: 'doctor', shape });
    const { stdout, exitCode } = await scene.run({
      plainly: ['doctor', '--json', '--url', scene.proxy.url, '--modality', 'pacs', ...days],
    });
    const findings = findingsIn(stdout);
    expect(findings.filter(({ verdict }) => verdict === 'problem')).toEqual([]);
    expect(exitCode).toBe(0);
    const verdictOf = (check: string) => findings.find((finding) => finding.check === check)?.verdict;
    for (const check of [
      'version',
      'TCP_NODELAY',
      'C-ECHO',
      'C-FIND',
      'questions for several studies',
      'C-MOVE',
    ])
      expect([check, verdictOf(check)]).toEqual([check, 'ok']);
  });

  it('is not alarmed by an Orthanc that answers 0xC000 to a C-MOVE of what it does not have', async () => {
    await using scene = await openScene({ seed: 'plain', shape: { ...shape, studies: 2 } });
    const testbed = await openTestbed({ provider: 'native' });
    await using plain = await testbed.startOrthanc({ name: 'plain' });
    const know = (server: RunningOrthanc, alias: string, modality: RunningOrthanc['modality']) =>
      tell(server, `/modalities/${alias}`, modality);
    await know(scene.orthanc, 'plain', plain.modality);
    const look = async () => {
      const argv = ['doctor', '--json', '--url', scene.proxy.url, '--modality', 'plain', ...days];
      const { stdout } = await scene.run({ plainly: argv });
      return findingsIn(stdout).find(({ check }) => check === 'C-MOVE');
    };
    await know(plain, 'archive', scene.orthanc.modality);
    expect(await look()).toMatchObject({ verdict: 'unknown', found: expect.stringContaining('0xC000') });
  });

  it('sees a limit of the modality, and a modality that is not there', async () => {
    await using scene = await openScene({
      seed: 'ill',
      shape: { ...shape, studies: 60, seriesPerStudy: 1, instancesPerSeries: 1 },
      pacs: { tellsAtMost: 50 },
    });
    const examine = async () => {
      const argv = ['doctor', '--json', '--url', scene.proxy.url, '--modality', 'pacs', ...days];
      const { stdout, exitCode } = await scene.run({ plainly: argv });
      return { findings: findingsIn(stdout), exitCode };
    };
    const capped = await examine();
    expect(capped.findings.find(({ check }) => check === 'C-FIND')).toMatchObject({
      verdict: 'warning',
      remedy: expect.stringContaining('--max-cfind-study-count'),
    });
    await scene.pacs.orthanc.stop();
    const gone = await examine();
    expect(gone.findings.find(({ check }) => check === 'C-ECHO')).toMatchObject({ verdict: 'problem' });
    expect(gone.exitCode).toBe(2);
  });
});
