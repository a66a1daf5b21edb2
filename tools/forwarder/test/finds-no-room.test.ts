import { describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type RunningOrthanc, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { openScene } from './forward-scene.ts';

const one = { studies: 1, seriesPerStudy: 1, instancesPerSeries: 1, modalities: ['CT'] };

/** A study of one image of two bytes for each pixel; gives the identifier of the study. */
async function seedOne(
  orthanc: RunningOrthanc,
  shape: { readonly seed: number; readonly imageSize: number },
) {
  const before = new Set(await studiesOf(orthanc));
  const [study] = synthesizeArchive({ ...one, ...shape });
  await seedOrthanc(
    orthanc,
    Array.from(study?.instances() ?? [], ({ bytes }) => bytes),
  );
  return (await studiesOf(orthanc)).find((id) => !before.has(id)) ?? '';
}

const studiesOf = async ({ url }: RunningOrthanc) =>
  (await (await fetch(`${url}/studies`)).json()) as string[];

/** Of an archive with room for a megabyte, which the forwarder asks itself. */
const toArchive = (mode: string, { url }: RunningOrthanc, ...more: readonly string[]) => [
  ...(mode === 'orthanc' ? [] : ['--destination=archive']),
  ...[`--mode=${mode}`, `--dest-url=${url}`, '--trigger=StableStudy'],
  ...more,
];

describe.each(['orthanc', 'peering'])('by the mode %s, a destination', (mode) => {
  it('that is full is waited for, and no study loses an attempt to it', async () => {
    await using scene = await openScene({
      ...{ seed: 871, shape: { imageSize: 64, instancesPerSeries: 5 } },
      destinations: { archive: { behaviour: 'full' } },
    });
    const { archive } = scene.destinations;
    const filling = await seedOne(archive, { seed: 872, imageSize: 675 });
    const freeing: Promise<unknown>[] = [];
    const run = await scene.run({
      more: toArchive(mode, archive, '--max-retries=0'),
      onOutput: (output) => {
        if (freeing.length === 0 && output.includes('"destination.down"'))
          freeing.push(fetch(`${archive.url}/studies/${filling}`, { method: 'DELETE' }));
      },
    });
    await Promise.all(freeing);
    expect(run).toMatchObject({ exitCode: 0, setAside: [] });
    expect(run.stdout).toContain('"DESTINATION_FULL"');
    expect(await scene.held(archive)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it.each([
    ['has too little room left for one study', 'DESTINATION_LACKS_ROOM', 600],
    ['could never hold one study', 'DESTINATION_TOO_SMALL', 800],
  ])('that %s takes all others', async (_, code, imageSize) => {
    await using scene = await openScene({
      ...{ seed: 873, studies: 3, shape: { ...one, studies: 3, imageSize: 128 } },
      destinations: { archive: { behaviour: 'full' } },
    });
    const { archive } = scene.destinations;
    await seedOne(archive, { seed: 874, imageSize: 450 });
    const large = await seedOne(scene.inbox, { seed: 875, imageSize });
    const ending = new AbortController();
    const run = await scene.run({
      more: toArchive(mode, archive, '--max-retries=1'),
      signal: ending.signal,
      onOutput: (output) => {
        if (output.includes('"destination.down"')) ending.abort();
      },
    });
    expect(run.stdout).not.toContain('"destination.down"');
    expect(run).toMatchObject({ exitCode: 3, setAside: [{ key: large, code }] });
    expect(await scene.held(archive)).toEqual(expect.arrayContaining([...scene.sent]));
    expect(await studiesOf(scene.inbox)).toEqual([large]);
  });
});
