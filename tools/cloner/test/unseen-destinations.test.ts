import { describe, expect, it } from '@jest/globals';
import type { DestinationBehaviour } from '@orthanc-tools/orthanc-testbed';
import { type ModeScene, openModeScene } from './mode-scene.ts';

const withoutAddress = (scene: ModeScene, ...more: readonly string[]) => [
  ...scene.usualArguments.filter((argument) => !argument.startsWith('--dest-url')),
  ...more,
];

const dicom = ['--mode=Dicom', '--dest-dicom=destination'];

const openDicomScene = (seed: number, behaviour: DestinationBehaviour) =>
  openModeScene({ seed, studies: 3, link: { behaviour } });

const labelsOf = async (scene: ModeScene): Promise<unknown> =>
  (await fetch(`${scene.source.url}/tools/labels`)).json();

describe('a destination whose REST API is not at hand', () => {
  it('is proved by C-FIND, where it did not name an image before it was sent', async () => {
    await using scene = await openDicomScene(720, 'usual');
    const first = await scene.run({ argv: withoutAddress(scene, ...dicom, '--success-label=cloned') });
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.report.ledger.byProof).toEqual({ 'c-find': { items: 3, parts: 30 } });
    expect(first.report.summary).toMatchObject({ provedInstances: 30, acceptedInstances: 0 });
    expect(await labelsOf(scene)).toEqual(['cloned']);
    const second = await scene.run({ argv: withoutAddress(scene, ...dicom, '--prove-again') });
    // By then, an image of this name may have been put there by anybody.
    expect(second.report.summary).toMatchObject({
      copiedInstances: 0,
      provedInstances: 0,
      acceptedInstances: 30,
    });
    expect(await scene.received()).toBe(30);
  });

  it('that answers no question has accepted what it took, and nothing is called proved', async () => {
    await using scene = await openDicomScene(721, 'store-only');
    const argv = withoutAddress(scene, ...dicom, '--success-label=cloned');
    const first = await scene.run({ argv });
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toContain('destination.cannot_be_asked');
    expect(first.stdout).not.toContain('study.verified');
    expect(first.stdout).toMatch(/"level":"warn".*"studies.accepted_only".*"studies":3/);
    expect(first.report.ledger.byProof).toEqual({ none: { items: 3, parts: 30 } });
    expect(first.report.summary).toMatchObject({
      copiedInstances: 30,
      provedInstances: 0,
      acceptedInstances: 30,
      acceptedStudiesInLedger: 3,
      provedInstancesInLedger: 0,
    });
    expect(await labelsOf(scene)).toEqual([]);
    const second = await scene.run({ argv: [...argv, '--prove-again'] });
    expect(second.report.summary).toMatchObject({ copiedInstances: 0, acceptedInstances: 30 });
    expect(await scene.received()).toBe(30);
  });

  it('that accepts everything and keeps nothing is found out', async () => {
    await using scene = await openDicomScene(722, 'lying');
    const run = await scene.run({ argv: withoutAddress(scene, ...dicom, '--max-retries=1') });
    expect(run.exitCode).toBe(3);
    expect(run.report.setAside.map(({ code }) => code)).toEqual(Array(3).fill('NOT_AT_DESTINATION'));
    expect(run.report.summary).toMatchObject({ provedInstances: 0, acceptedInstances: 0 });
  });

  it('that refuses some images is told of each by name', async () => {
    await using scene = await openDicomScene(723, 'refusing-every-tenth');
    const run = await scene.run({ argv: withoutAddress(scene, ...dicom) });
    const refused = run.report.setAside.flatMap(({ parts }) => parts);
    expect(Number(run.report.summary['provedInstances']) + refused.length).toBe(30);
    expect(run.report.summary['provedInstances']).toBeGreaterThan(20);
  });
});

describe('a peer without an address of its own', () => {
  it('is asked at the address that the source has of it', async () => {
    await using scene = await openModeScene({ seed: 724, studies: 3 });
    const argv = withoutAddress(scene, '--mode=Peering', '--dest-peer=destination');
    const run = await scene.run({ argv });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain('destination.found');
    expect(run.report.ledger.byProof).toEqual({ 'id+md5': { items: 3, parts: 30 } });
  });

  it('that the source does not know ends the run at once', async () => {
    await using scene = await openModeScene({ seed: 725, studies: 1 });
    const run = await scene.run({ argv: withoutAddress(scene, '--mode=Peering', '--dest-peer=nobody') });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('knows no peer named nobody (it knows destination)');
  });
});
