import { describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { behaving, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type Scene, openScene } from './clone-scene.ts';

interface Shape {
  readonly seed: number;
  readonly imageSize: number;
  readonly images?: number;
}

/** A study of images of two bytes for each pixel; one seed gives the same identifiers, whatever the size. */
async function seedStudy(orthanc: Scene['source'], { images = 1, ...shape }: Shape): Promise<void> {
  const one = { studies: 1, seriesPerStudy: 1, instancesPerSeries: images, modalities: ['CT'] };
  const [study] = synthesizeArchive({ ...one, ...shape });
  await seedOrthanc(
    orthanc,
    Array.from(study?.instances() ?? [], ({ bytes }) => bytes),
  );
}

/** Ends it where it would wait for ever. */
async function runToEnd(scene: Scene) {
  const ending = new AbortController();
  const run = await scene.run({
    argv: [...scene.usualArguments, '--mode=Default', '--max-retries=1'],
    signal: ending.signal,
    onOutput: (stdout) => {
      if (stdout.includes('tool.paused')) ending.abort();
    },
  });
  expect(run.stdout).not.toContain('tool.paused');
  return run;
}

const isBatch = ({ method, path }: { readonly method: string; readonly path: string }) =>
  method === 'POST' && path === '/dicom-web/studies';

describe('an image that finds no room', () => {
  it.each([
    ['ZIP', { DicomWeb: null }],
    ['STOW-RS', {}],
  ])('is told from those that were sent with it, from afar, by %s', async (by, configuration) => {
    await using scene = await openScene({
      ...{ seed: 741, studies: 0 },
      destination: behaving('full', { configuration }),
    });
    await scene.toDestination.disturb({ roundTripMs: 40 });
    await seedStudy(scene.destination, { seed: 742, imageSize: 706 });
    // The first three are there already when the others come.
    await seedStudy(scene.source, { seed: 743, imageSize: 64, images: 3 });
    await seedStudy(scene.source, { seed: 743, imageSize: 170, images: 4 });
    const { exitCode, report } = await runToEnd(scene);
    expect(exitCode).toBe(3);
    expect(report.summary).toMatchObject({ provedInstances: 3, setAsideStudies: 1 });
    expect(report.setAside.flatMap(({ parts }) => parts.map(({ code }) => code))).toEqual([
      'DESTINATION_LACKS_ROOM',
    ]);
    expect(scene.toDestination.requests.some(isBatch)).toBe(by === 'STOW-RS');
  });

  it('holds up no other where the destination makes room by itself', async () => {
    await using scene = await openScene({
      ...{ seed: 744, studies: 2, seriesPerStudy: 1, instancesPerSeries: 1 },
      destination: { configuration: { MaximumStorageSize: 1, MaximumStorageMode: 'Recycle' } },
    });
    await seedStudy(scene.source, { seed: 745, imageSize: 800 });
    const { exitCode, report } = await runToEnd(scene);
    expect(exitCode).toBe(3);
    expect(report.summary).toMatchObject({ provedInstances: 2, setAsideStudies: 1 });
    expect(report.setAside.map(({ code }) => code)).toEqual(['DESTINATION_TOO_SMALL']);
  });
});
