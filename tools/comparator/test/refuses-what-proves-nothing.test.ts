import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '@orthanc-tools/failures';
import type { SyntheticStudy } from '@orthanc-tools/dicom-synthesis';
import { type Scene, openScene } from './comparison-scene.ts';

let scene: Scene;
const days = ['--from-study-date=20240101', '--to-study-date=20240110'];

beforeAll(async () => {
  scene = await openScene({
    seed: 'nothing proved',
    shape: { studies: 2, studyDates: { from: '20240101', to: '20240110' } },
  });
  const [aet, , port] = scene.orthanc.modality;
  await know('myself', scene.orthanc.modality);
  await know('look-alike', [aet, 'elsewhere.invalid', port]);
}, 300_000);

afterAll(async () => scene[Symbol.asyncDispose]());

async function know(alias: string, modality: unknown): Promise<void> {
  const path = new URL(`/modalities/${alias}`, scene.orthanc.url);
  const answer = await fetch(path, { method: 'PUT', body: JSON.stringify(modality) });
  if (!answer.ok) throw new Error(`${alias}: ${String(answer.status)}`);
}

const run = (...argv: readonly string[]) =>
  scene.run({ plainly: ['--url', scene.proxy.url, ...days, ...argv] });

async function examine(...argv: readonly string[]) {
  const { stdout, exitCode } = await scene.run({
    plainly: ['doctor', '--json', '--url', scene.proxy.url, ...days, ...argv],
  });
  const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
  return { exitCode, of: (check: string) => findings.find((finding) => finding.check === check) };
}

describe('an Orthanc', () => {
  it('is not compared with itself', async () => {
    const { exitCode, stdout, stderr, items } = await run('--dest-url', scene.proxy.url, '--level=Hash');
    expect(exitCode).toBe(2);
    expect(stdout).toContain('DESTINATION_IS_SOURCE');
    expect(stderr).toContain('--dest-url (DEST_URL) and --orthanc-url (ORTHANC_URL)');
    expect(items).toEqual([]);
    const doctor = await examine('--dest-url', scene.proxy.url);
    expect(doctor.of('another server')).toMatchObject({ verdict: 'problem' });
    expect(doctor.exitCode).toBe(2);
  });

  it('is warned of where another address seems to lead to it', async () => {
    const { exitCode, stdout } = await run('--dest-url', scene.orthanc.url);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/"option.doubted".*seem to lead to one Orthanc/);
    const { of } = await examine('--dest-url', scene.orthanc.url);
    expect(of('another server')).toMatchObject({ verdict: 'warning' });
  });

  it('is not compared with itself as a modality', async () => {
    const { exitCode, stdout, stderr } = await run('--modality=myself');
    expect(exitCode).toBe(2);
    expect(stdout).toContain('DESTINATION_IS_SOURCE');
    expect(stderr).toContain('--modality (MODALITY): myself');
    expect((await examine('--modality=myself')).of('another server')).toMatchObject({ verdict: 'problem' });
  });

  it('is warned of one that may be it', async () => {
    const { stdout } = await run('--modality=look-alike', '--max-retries=0');
    expect(stdout).toMatch(/"option.doubted".*look-alike has AET and port/);
    const doubted = await examine('--modality=look-alike');
    expect(doubted.of('another server')).toMatchObject({ verdict: 'warning' });
    expect((await examine('--modality=pacs')).of('another server')).toMatchObject({ verdict: 'ok' });
  });
});

describe('attributes', () => {
  it('that Orthanc does not know are told before anything is compared', async () => {
    const to = [['--modality=pacs'], ['--dest-url', scene.pacs.orthanc.url]] as const;
    for (const side of to) {
      const { exitCode, stderr, items } = await run(...side, '--attributes=PatientName,Bogus');
      expect(stderr).toMatch(/--attributes \(ATTRIBUTES\): .* knows no attribute "Bogus"/);
      expect(stderr).not.toContain('PatientName"');
      expect([exitCode, items]).toEqual([2, []]);
    }
    const { of } = await examine('--modality=pacs', '--attributes=PatientName,Bogus');
    expect(of('attributes')).toMatchObject({ verdict: 'problem' });
  });

  it('may be given by their tags, and are compared by what they are', async () => {
    await scene.change(scene.pacs.orthanc, scene.studies[0] as SyntheticStudy, { StudyDescription: 'ELSE' });
    for (const tag of ['0008,1030', '0008-1030', '00081030']) {
      const { exitCode, items } = await run('--modality=pacs', `--attributes=${tag}`);
      expect(items.find(({ symbol }) => symbol === '*')?.attributes).toEqual([
        expect.objectContaining({ keyword: 'StudyDescription', there: 'ELSE' }),
      ]);
      expect(exitCode).toBe(4);
    }
    const { exitCode, stderr } = await run('--modality=pacs', '--attributes=0009,1001');
    expect(stderr).toContain('"0009,1001" has no keyword');
    expect(exitCode).toBe(2);
  });
});

describe('a command without options', () => {
  it('is told all that is missing', async () => {
    const { exitCode, stderr } = await scene.run({ plainly: ['--url', scene.proxy.url] });
    expect(stderr).toContain('--from-study-date (FROM_STUDY_DATE)');
    expect(stderr).toContain('--modality (MODALITY)');
    expect(exitCode).toBe(2);
  });
});
