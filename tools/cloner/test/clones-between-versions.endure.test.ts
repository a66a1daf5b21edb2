import { describe, expect, it } from '@jest/globals';
import { openScene } from './clone-scene.ts';

describe('a clone between versions of Orthanc', () => {
  it.each([
    ['1.12', '1.13'],
    ['1.13', '1.12'],
  ] as const)('from %s to %s is complete and proved', async (from, to) => {
    await using scene = await openScene({
      seed: 701,
      source: { version: from },
      destination: { version: to },
    });
    const { exitCode, report } = await scene.run();
    expect(exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
    expect(report.ledger.byProof).toEqual({ 'id+md5': { items: 6, parts: scene.instances } });
  });
});
