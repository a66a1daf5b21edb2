import { readFile } from 'node:fs/promises';
import { snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { describe, expect, it } from '@jest/globals';
import type { SyntheticStudy } from '@orthanc-tools/dicom-synthesis';
import { type Scene, ask, firstOf, openScene } from './comparison-scene.ts';

const shape = { studies: 8, studyDates: { from: '20240101', to: '20240110' } } as const;

const idsAt = (scene: Scene, at: number) => firstOf(scene.studies[at] as SyntheticStudy).orthancIds();
const uidsAt = (scene: Scene, at: number) => firstOf(scene.studies[at] as SyntheticStudy).identifiers;

/** Takes a study, a series and an instance away from each side. */
async function takeAway(scene: Scene): Promise<void> {
  const { orthanc, pacs } = scene;
  await scene.remove(pacs.orthanc, 'studies', idsAt(scene, 0).study);
  await scene.remove(pacs.orthanc, 'series', idsAt(scene, 1).series);
  await scene.remove(pacs.orthanc, 'instances', idsAt(scene, 2).instance);
  await scene.remove(orthanc, 'studies', idsAt(scene, 3).study);
  await scene.remove(orthanc, 'series', idsAt(scene, 4).series);
  await scene.remove(orthanc, 'instances', idsAt(scene, 5).instance);
}

const heldBy = async (scene: Scene) => ({
  here: [...(await snapshotOrthanc(scene.orthanc)).keys()].toSorted(),
  there: [...(await snapshotOrthanc(scene.pacs.orthanc)).keys()].toSorted(),
});

describe('a repair', () => {
  it('sends and fetches what is missing, looks again, and finds nothing the next time', async () => {
    await using scene = await openScene({ seed: 'repair', shape });
    await takeAway(scene);
    const argv = ['--level=Instance', '--transfer-missing-to-modality', '--retrieve-missing-from-orthanc'];
    const { exitCode, found, summary, items } = await scene.run({ argv });
    expect(found).toEqual([]);
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ repaired: 6, differences: 0, comparedStudies: 8 });
    expect(
      items.filter(({ code }) => code === 'REPAIRED').map(({ symbol, was }) => [symbol, was]),
    ).toHaveLength(6);
    const { here, there } = await heldBy(scene);
    expect(here).toEqual(there);
    expect(here).toHaveLength(8 * 6);
    expect((await scene.run({ argv })).summary).toMatchObject({ repaired: 0, equalStudies: 8 });
  });

  it('goes one way only where that is wanted', async () => {
    await using scene = await openScene({ seed: 'one way', shape });
    await takeAway(scene);
    const argv = [
      '--level=Instance',
      '--transfer_missing_to_modality',
      '--ignore_missing_from_orthanc',
      '--retrieve_missing_from_orthanc',
    ];
    const before = await heldBy(scene);
    expect((await scene.run({ argv })).summary).toMatchObject({ repaired: 3, differences: 0 });
    const after = await heldBy(scene);
    expect(after.here).toEqual(before.here);
    expect(after.there).toHaveLength(8 * 6);
    expect(await scene.pacs.moves()).toEqual([]);
  });

  it('fetches again what a C-MOVE left out, and names in the end what never came', async () => {
    await using scene = await openScene({
      seed: 'lies',
      shape: { ...shape, studies: 3, instancesPerSeries: 12, seriesPerStudy: 1 },
    });
    await scene.remove(scene.orthanc, 'studies', idsAt(scene, 0).study);
    await scene.remove(scene.orthanc, 'studies', idsAt(scene, 1).study);
    const never = uidsAt(scene, 0).sopInstanceUid;
    await scene.pacs.behave({ dropsEveryTenth: true, neverSends: [never] });
    const errors = scene.path('errors.log');
    const argv = ['--level=Instance', '--retrieve-missing-from-orthanc', '--error-log-file-path', errors];
    const { exitCode, found, items, summary } = await scene.run({ argv });
    expect(found).toEqual([`- instance ${never}`]);
    expect(items.find(({ symbol }) => symbol === '-')).toMatchObject({ code: 'REPAIR_FAILED' });
    expect(summary).toMatchObject({ differences: 1, repaired: 1 });
    expect(exitCode).toBe(4);
    const { studyDate } = items.find(({ symbol }) => symbol === '-') ?? {};
    expect(await readFile(errors, 'utf8')).toBe(`${never},${String(studyDate)},instance\n`);
  });

  it.each(['Study', 'Series'] as const)(
    'at level %s calls nothing repaired of which an image never came',
    async (level) => {
      await using scene = await openScene({ seed: `lost image ${level}`, shape: { ...shape, studies: 3 } });
      await scene.remove(scene.orthanc, 'studies', idsAt(scene, 0).study);
      await scene.remove(scene.orthanc, 'studies', idsAt(scene, 1).study);
      const never = uidsAt(scene, 0).sopInstanceUid;
      await scene.pacs.behave({ neverSends: [never] });
      const argv = ['--level', level, '--retrieve-missing-from-orthanc'];
      const { exitCode, found, items, summary } = await scene.run({ argv });
      expect(found).toEqual([`- instance ${never}`]);
      expect(items.find(({ symbol }) => symbol === '-')).toMatchObject({ code: 'REPAIR_FAILED' });
      expect(summary).toMatchObject({ differences: 1, repaired: 1 });
      expect(exitCode).toBe(4);
    },
  );

  it('names what the PACS accepts no presentation context for, and sends all else', async () => {
    const magnetic = '1.2.840.10008.5.1.4.1.1.4';
    await using scene = await openScene({
      seed: 'refusing',
      shape: { ...shape, seriesPerStudy: 1 },
      pacs: { refusesSopClasses: [magnetic] },
    });
    for (const study of scene.studies)
      await scene.remove(scene.pacs.orthanc, 'studies', firstOf(study).orthancIds().study);
    const refused = scene.studies.filter(({ series }) => series[0]?.modality === 'MR');
    const { exitCode, found, items, summary } = await scene.run({
      argv: ['--level=Instance', '--transfer-missing-to-modality'],
    });
    expect(found).toEqual(
      refused.map((study) => `+ study ${firstOf(study).identifiers.studyInstanceUid}`).toSorted(),
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(items.filter(({ code }) => code === 'REPAIR_FAILED')).toHaveLength(refused.length);
    expect(summary).toMatchObject({ repaired: scene.studies.length - refused.length });
    expect(exitCode).toBe(4);
  });

  it('cancels a C-MOVE that has fallen silent, and fetches what is missing by another', async () => {
    await using scene = await openScene({
      seed: 'silence',
      shape: { ...shape, studies: 3 },
      orthanc: { configuration: { DicomScuTimeout: 0 } },
    });
    await scene.remove(scene.orthanc, 'studies', idsAt(scene, 0).study);
    await scene.pacs.behave({ hangs: { afterImages: 1, times: 1 } });
    const argv = ['--retrieve-missing-from-orthanc', '--stall-limit=2s'];
    const { exitCode, found, stdout } = await scene.run({ argv });
    expect(stdout).toContain('repair.failed');
    expect(found).toEqual([]);
    expect(exitCode).toBe(0);
    // Lets the silent one end, so that the servers can.
    await scene.pacs.behave({});
  });

  it('leaves a study alone whose patient is another one on the other side, until that is wanted', async () => {
    await using scene = await openScene({ seed: 'whose', shape: { ...shape, studies: 3 } });
    const { patientId, studyInstanceUid } = uidsAt(scene, 0);
    await scene.remove(scene.pacs.orthanc, 'studies', idsAt(scene, 0).study);
    const stranger = {
      PatientID: patientId,
      PatientName: 'STRANGER',
      StudyDate: '20100101',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    };
    const content = { method: 'POST', body: JSON.stringify({ Tags: stranger }) };
    await ask(scene.pacs.orthanc, '/tools/create-dicom', content);
    const argv = ['--level=Instance', '--transfer-missing-to-modality'];
    const held = await scene.run({ argv });
    expect(held.items.find(({ symbol }) => symbol === '+')).toMatchObject({
      studyInstanceUid,
      code: 'REPAIR_HELD_BACK',
    });
    expect(held.summary).toMatchObject({ repaired: 0, differences: 2, identityConflicts: 1 });
    const sent = await scene.run({ argv: [...argv, '--repair-identity-conflicts'] });
    expect(sent.summary).toMatchObject({ repaired: 1 });
  });
});
