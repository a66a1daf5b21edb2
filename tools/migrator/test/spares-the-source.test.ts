import { describe, expect, it } from '@jest/globals';
import { hurriedClock } from './hurried-clock.ts';
import { imagesOf, openScene } from './migration-scene.ts';

describe('the pace', () => {
  it('keeps to so many images per minute', async () => {
    await using scene = await openScene({ seed: 'pace', shape: { studies: 4 } });
    const clock = hurriedClock(60);
    const begun = clock.now().getTime();
    const run = await scene.run({
      more: ['--images-per-minute=12', '--worker-threads-count=1'],
      clock,
    });
    expect(run.exitCode).toBe(0);
    // 48 images at 12 per minute; the last study has to wait for no other.
    expect(clock.now().getTime() - begun).toBeGreaterThanOrEqual(3 * 60_000);
  });

  it('fetches nothing while the disk of Orthanc is fuller than allowed, and goes on when there is room', async () => {
    await using scene = await openScene({ seed: 'space', shape: { studies: 1 } });
    const undo = scene.proxy.addFault({
      effect: 'answer',
      status: 200,
      body: JSON.stringify({
        ...{ CountPatients: 1, CountStudies: 1, CountSeries: 1, CountInstances: 1 },
        ...{ TotalDiskSize: String(3000 * 1_048_576), TotalUncompressedSize: '0' },
      }),
      matching: ({ path }) => path === '/statistics',
    });
    const run = await scene.run({
      more: ['--orthanc-space-threshold=2000'],
      clock: hurriedClock(60),
      onOutput: (stdout) => {
        if (stdout.includes('ORTHANC_SPACE_LOW')) undo();
      },
    });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('ORTHANC_SPACE_LOW');
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });
});

describe('a run that is to end at the first failure', () => {
  it('ends there, and the next one goes on to the end, whatever was set aside before', async () => {
    await using scene = await openScene({ seed: 'exit', shape: { studies: 5 } });
    await scene.pacs.behave({ neverSends: imagesOf(scene.studies) });
    const more = ['--exit-on-error', '--max-retries=0', '--worker-threads-count=1'];
    const run = await scene.run({ more });
    expect(run).toMatchObject({ exitCode: 3, summary: { setAsideStudies: 1, waitingStudies: 4 } });
    await scene.pacs.behave({});
    const next = await scene.run({ more });
    expect(next).toMatchObject({ exitCode: 3, summary: { setAsideStudies: 1, waitingStudies: 0 } });
  });
});

describe('doctor', () => {
  it('looks at both ends, and finds a PACS that does not know Orthanc', async () => {
    await using scene = await openScene({
      seed: 'doctor',
      archive: {},
      orthanc: { configuration: { AcceptedTransferSyntaxes: ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'] } },
    });
    const more = ['--destination-modality=archive'];
    const well = await scene.run({ command: ['doctor', '--json'], more });
    const findings = (
      JSON.parse(well.stdout) as { findings: { subject: string; check: string; verdict: string }[] }
    ).findings;
    expect(findings).toEqual(
      expect.arrayContaining(
        ['C-ECHO', 'C-FIND of images', 'C-FIND cap', 'image counts', 'C-MOVE'].map((check) =>
          expect.objectContaining({ subject: 'source pacs', check, verdict: 'ok' }),
        ),
      ),
    );
    expect(findings.some(({ check }) => check === 'TCP_NODELAY')).toBe(true);
    expect(findings.find(({ check }) => check === 'transfer syntaxes')).toMatchObject({
      verdict: 'warning',
      found: expect.stringContaining('JPEG 2000'),
    });
    expect(well.exitCode).toBe(0);
    await fetch(`${scene.pacs.orthanc.url}/modalities/migrating`, { method: 'DELETE' });
    const ill = await scene.run({ command: ['doctor'], more });
    expect(ill.stdout).toMatch(/(PROBLEM|WARNING) +C-(MOVE|FIND)/);
  });

  it('tells an unknown alias, and which ones there are', async () => {
    await using scene = await openScene({ seed: 'alias' });
    const run = await scene.run({ more: ['--source-modality=nobody'] });
    expect(run).toMatchObject({ exitCode: 2 });
    expect(run.stderr).toContain(
      '--source-modality (SOURCE_MODALITY): Orthanc knows no "nobody"; it knows pacs.',
    );
  });
});
