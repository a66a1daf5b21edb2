import { expect, it } from '@jest/globals';
import { snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { changeOneInstance } from './change-one-instance.ts';
import { type Mode, type OpenModeScene, asked } from './mode-scene.ts';

/** C-STORE writes another header: what is compared are the images. */
const proofOf: Readonly<Record<Mode, string>> = {
  Default: 'id+md5',
  Peering: 'id+md5',
  Transfer: 'id+md5',
  Dicom: 'image',
};

/** What a mode keeps in quiet times, on servers that are opened as the test says. */
export function describePromises(mode: Mode, open: OpenModeScene): void {
  it('everything is copied and proved, and a second run sends nothing', async () => {
    await using scene = await open({ seed: 700 });
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
  });

  it('what the destination refuses is set aside by name, and all else arrives', async () => {
    await using scene = await open({
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
    await using scene = await open({ seed: 702, studies: 2 });
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
}
