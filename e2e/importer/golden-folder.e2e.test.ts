import { describe, expect, it } from '@jest/globals';
import { goldenPromises } from './golden-promises.ts';
import { openImportScene } from './import-scene.ts';

const small = { tinyImages: 600, tinyTexts: 2000, multiframeBytes: 64 * 1024 * 1024 };

describe('the import command, on a folder with everything that was ever seen in one', () => {
  it('writes exactly the expected manifest, stores and proves all that is good, and exits with 3', async () => {
    await using scene = await openImportScene({ seed: 501, ...small });
    const { peakMegabytes } = await goldenPromises(scene).importAtOnce();
    expect(peakMegabytes).toBeLessThan(250);
  });

  it('comes to the same when it is killed at ten moments', async () => {
    await using scene = await openImportScene({ seed: 502, ...small });
    // Otherwise it would be done before the tenth.
    await scene.proxy.disturb({ roundTripMs: 100 });
    await goldenPromises(scene).importKilled({ seed: 502, least: 400, most: 900 });
  });
});
