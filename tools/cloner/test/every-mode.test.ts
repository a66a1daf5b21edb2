import { describe, expect, it } from '@jest/globals';
import { snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { changeOneInstance } from './change-one-instance.ts';
import { openScene } from './clone-scene.ts';
import { type Mode, argumentsFor, modes, openModeScene } from './mode-scene.ts';

const asked = (scene: { readonly usualArguments: readonly string[] }, mode: Mode) => [
  ...scene.usualArguments,
  ...argumentsFor[mode],
];

/** C-STORE writes another header: what is compared are the images. */
const proofOf: Readonly<Record<Mode, string>> = {
  Default: 'id+md5',
  Peering: 'id+md5',
  Transfer: 'id+md5',
  Dicom: 'image',
};

describe.each(modes)('by the mode %s', (mode) => {
  it.each(['1.13', '1.12'] as const)(
    'everything is copied on %s and proved, and a second run sends nothing',
    async (version) => {
      await using scene = await openModeScene({
        seed: 700,
        source: { version },
        destination: { version },
      });
      const first = await scene.run({ argv: asked(scene, mode) });
      expect(first).toMatchObject({ exitCode: 0, stderr: '' });
      expect(first.report.summary).toMatchObject({ studies: 6, copiedInstances: 60, provedInstances: 60 });
      expect(first.report.ledger.byProof).toEqual({ [proofOf[mode]]: { items: 6, parts: 60 } });
      expect((await snapshotOrthanc(scene.destination)).size).toBe(scene.instances);
      if (mode !== 'Dicom') expect(await scene.differences()).toEqual([]);
      expect(await scene.received()).toBe(60);
      const second = await scene.run({ argv: [...asked(scene, mode), '--prove-again'] });
      expect(second.exitCode).toBe(0);
      expect(second.report.summary).toMatchObject({ copiedInstances: 0, alreadyThereInstances: 60 });
      expect(await scene.received()).toBe(60);
    },
  );

  it('what the destination refuses is set aside by name, and all else arrives', async () => {
    await using scene = await openModeScene({
      seed: 701,
      studies: 3,
      link: { behaviour: 'refusing-every-tenth' },
    });
    const run = await scene.run({ argv: [...asked(scene, mode), '--max-retries=1'] });
    const held = (await snapshotOrthanc(scene.destination, { read: 'index' })).size;
    const refused = run.report.setAside.flatMap(({ parts }) => parts);
    expect(held).toBeGreaterThan(20);
    expect(run.report.summary['provedInstances']).toBe(held);
    expect(refused).toHaveLength(scene.instances - held);
    expect(run.exitCode).toBe(refused.length === 0 ? 0 : 3);
  });

  it('other content under the same identifiers is reported, and left as it is', async () => {
    await using scene = await openModeScene({ seed: 702, studies: 2 });
    const changed = await changeOneInstance(scene.source, scene.destination);
    const before = await snapshotOrthanc(scene.destination);
    const run = await scene.run({ argv: asked(scene, mode) });
    expect(run.exitCode).toBe(3);
    expect(run.report.setAside.flatMap(({ parts }) => parts)).toMatchObject([
      { part: changed, code: 'CONTENT_CONFLICT' },
    ]);
    expect((await snapshotOrthanc(scene.destination)).get(changed)).toEqual(before.get(changed));
    expect(run.report.summary['copiedInstances']).toBe(scene.instances - 1);
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
