import { describe, expect, it } from '@jest/globals';
import { openScene } from './clone-scene.ts';
import { describePromises } from './mode-promises.ts';
import { asked, modes, openModeScene, openModeSceneOn, versions } from './mode-scene.ts';

describe.each(versions)('on Orthanc %s', (version) => {
  describe.each(modes)('by the mode %s', (mode) => {
    describePromises(mode, openModeSceneOn(version));
  });
});

describe('a transfer that the peer fetches itself', () => {
  it('is waited for there, and proved', async () => {
    await using scene = await openModeScene({ seed: 705, studies: 2, link: { isPulling: true } });
    const run = await scene.run({ argv: asked(scene, 'Transfer') });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.report.ledger.byProof).toEqual({ 'id+md5': { items: 2, parts: 20 } });
    expect(await scene.differences()).toEqual([]);
  });
});

describe('doctor', () => {
  it.each([
    ['Peering', ['peer', 'peer is destination']],
    [
      'Transfer',
      ['peer', 'peer is destination', 'accelerator at the source', 'accelerator at the destination'],
    ],
    ['Dicom', ['C-ECHO', 'C-FIND of images']],
  ] as const)('looks at what %s needs', async (mode, checks) => {
    await using scene = await openModeScene({ seed: 703, studies: 1 });
    const run = await scene.run({ argv: ['doctor', '--json', ...asked(scene, mode)] });
    const { findings } = JSON.parse(run.stdout) as {
      findings: { subject: string; check: string; verdict: string }[];
    };
    const told = findings.filter(({ subject }) => subject === 'way');
    expect(told.map(({ check, verdict }) => [check, verdict])).toEqual(checks.map((check) => [check, 'ok']));
  });

  it('says what is missing for the mode, before anything is sent', async () => {
    await using scene = await openScene({ seed: 704, studies: 1, link: {} });
    const argv = [...scene.usualArguments, '--mode=Transfer', '--dest-peer=destination'];
    const doctor = await scene.run({ argv: ['doctor', ...argv] });
    expect(doctor.exitCode).toBe(2);
    expect(doctor.stdout).toMatch(/PROBLEM.*accelerator at the source/);
    const run = await scene.run({ argv });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('has no transfers accelerator');
  });
});
