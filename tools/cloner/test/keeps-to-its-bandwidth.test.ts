import { describe, expect, it } from '@jest/globals';
import { type Scene, openScene } from './clone-scene.ts';

const mega = 1024 ** 2;
const run = (scene: Scene, ...more: string[]) => scene.run({ argv: [...scene.usualArguments, ...more] });

const filesAt = async ({ url }: { readonly url: string }): Promise<number> =>
  ((await (await fetch(`${url}/instances?expand`)).json()) as { FileSize: number }[]).reduce(
    (sum, { FileSize: size }) => sum + size,
    0,
  );

describe('a clone with a limit of bandwidth', () => {
  it.each([
    { kind: 'small images', imageSize: 128, instancesPerSeries: 40 },
    { kind: 'images that are streamed', imageSize: 768, instancesPerSeries: 2 },
  ])(
    'never passes it by more than a tenth, and stays near it: $kind',
    async ({ imageSize, instancesPerSeries }) => {
      await using scene = await openScene({
        ...{ seed: 1901, studies: 3, seriesPerStudy: 1 },
        ...{ imageSize, instancesPerSeries },
      });
      const bytes = await filesAt(scene.source);
      let [begun, ended] = [0, 0];
      const seen = (stdout: string) => {
        if (begun === 0 && stdout.includes('"mode.chosen"')) begun = performance.now();
        if (stdout.includes('"study.verified"')) ended = performance.now();
      };
      // So slow that also a busy machine would be several times as fast.
      const rate = Math.round(bytes / 12 / 1024);
      const argv = [...scene.usualArguments, `--bandwidth=${String(rate)}k`];
      const { exitCode, stdout } = await scene.run({ argv, onOutput: seen });
      expect(exitCode).toBe(0);
      expect(stdout).toContain('"bandwidth.limited"');
      expect(bytes / ((ended - begun) / 1000) / (rate * 1024)).toBeLessThan(1.1);
      expect(bytes / ((ended - begun) / 1000) / (rate * 1024)).toBeGreaterThan(0.7);
      expect(await scene.differences()).toEqual([]);
    },
  );

  it('is Default where no mode is ordered, and says why', async () => {
    await using scene = await openScene({
      seed: 1902,
      studies: 1,
      link: { reach: ({ url }) => ({ peerUrl: url }) },
    });
    const argv = scene.usualArguments.filter((argument) => !argument.startsWith('--dest-url'));
    const direct = [...argv, `--dest-url=${scene.destination.url}`, '--bandwidth=10M'];
    const { exitCode, stdout } = await scene.run({ argv: direct });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/"mode":"Default","because":"--bandwidth \(BANDWIDTH\) can be kept to only/);
    expect(await (await fetch(`${scene.source.url}/jobs`)).json()).toEqual([]);
  });

  it('is refused where the source sends by itself, and where the rate has no unit', async () => {
    await using scene = await openScene({ seed: 1903, studies: 1 });
    const refused = await run(scene, '--bandwidth=10M', '--mode=Peering');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(
      '--bandwidth (BANDWIDTH) cannot be kept to with --mode (MODE) Peering, as Orthanc then sends by itself',
    );
    expect((await run(scene, '--bandwidth=10')).stderr).toContain('--bandwidth (BANDWIDTH) must be a rate');
  });

  it('tells beforehand how long it makes a run', async () => {
    await using scene = await openScene({ seed: 1904, studies: 3, imageSize: 256 });
    const { report } = await run(scene, '--dry-run', '--bandwidth=64k');
    const bytes = await filesAt(scene.source);
    expect(bytes).toBeGreaterThan(mega);
    expect(report.summary).toMatchObject({ bytes, expectedFrom: 'the limit of bandwidth' });
    expect(report.summary['expectedTimeMs']).toBe(Math.round((bytes * 1000) / (64 * 1024)));
  });
});
