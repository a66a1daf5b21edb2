import { describe, expect, it } from '@jest/globals';
import { goldenPromises } from './golden-promises.ts';
import { openImportScene } from './import-scene.ts';

const whole = { tinyImages: 20_000, tinyTexts: 80_000, multiframeBytes: 1024 ** 3 };

describe('the import command, on the whole golden folder', () => {
  it('writes exactly the expected manifest, stores and proves all that is good, and exits with 3', async () => {
    await using scene = await openImportScene({ seed: 511, ...whole });
    const { peakMegabytes, seconds } = await goldenPromises(scene).importAtOnce();
    console.log({ peakMegabytes, seconds });
    expect(peakMegabytes).toBeLessThan(250);
  });

  it('comes to the same when it is killed at ten moments', async () => {
    await using scene = await openImportScene({ seed: 512, ...whole });
    await goldenPromises(scene).importKilled({ seed: 512, least: 500, most: 5000 });
  });
});
