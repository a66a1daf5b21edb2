import { describe, expect, it } from '@jest/globals';
import type { WorkTally } from '@orthanc-tools/work-ledger';
import { importTally } from './import-tally.ts';
import { exitCodeFor } from './summarize.ts';

const tally: WorkTally = {
  ...{ waiting: 1, inHand: 0, done: 5, setAside: 0, parts: 2, bytes: 20, exceptionParts: 0 },
  ...{ byOutcome: { stored: 2, identified: 3 }, byProof: {}, byCode: {} },
};

describe('importTally', () => {
  it('lets wait what was only read for whose it is', () => {
    expect(importTally(tally)).toEqual({ ...tally, done: 2, waiting: 4, byOutcome: { stored: 2 } });
  });

  it('leaves a tally without such files as it is', () => {
    const others = { ...tally, byOutcome: { stored: 5 } };
    expect(importTally(others)).toEqual(others);
  });

  it('lets no run that leaves such files behind end as if all were done', () => {
    expect(exitCodeFor(importTally({ ...tally, waiting: 0 }), 0)).toBe(3);
  });
});
