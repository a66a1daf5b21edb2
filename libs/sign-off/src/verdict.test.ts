import { describe, expect, it } from '@jest/globals';
import type { ItemSums } from './item-sums.ts';
import { judge } from './verdict.ts';

const none: ItemSums = {
  ...{ proved: 0, existing: 0, accepted: 0, vanished: 0, passedOver: 0 },
  ...{ setAside: 0, waiting: 0 },
};

interface Case {
  readonly items: Partial<ItemSums>;
  readonly missing?: number;
  readonly identity?: number;
  readonly openSearches?: number;
  readonly unit?: 'study' | 'file';
  readonly limitedTo?: readonly string[];
  readonly isOneServer?: boolean;
}

const judged = (one: Case) => {
  const { items, missing = 0, identity = 0, openSearches = 0, unit = 'study' } = one;
  return judge({
    ...{ unit, limitedTo: one.limitedTo ?? [], isOneServer: one.isOneServer ?? false },
    openSearches,
    items: { ...none, ...items },
    instances: { proved: 0, missing },
    conflicts: { content: 0, identity },
  });
};

describe('the verdict on a copy', () => {
  it.each<[Case, string, string]>([
    [{ items: { proved: 1234 } }, 'complete', 'All 1,234 studies are proved at the destination.'],
    [{ items: {} }, 'complete', 'There was nothing to be copied.'],
    [
      { items: { proved: 2 }, limitedTo: ['label A', '3 patients'] },
      'complete',
      'All 2 studies are proved at the destination. This run looked only for: label A, 3 patients.',
    ],
    [
      { items: { proved: 2 }, isOneServer: true },
      'doubtful',
      'Source and destination are, or seem to be, one server: nothing was copied, and nothing is proved of a copy.',
    ],
    [
      { items: { proved: 7, passedOver: 1 }, unit: 'file' },
      'complete',
      'All 7 files are proved at the destination. 1 file beside them is no image.',
    ],
    [
      { items: { proved: 37, setAside: 3 }, missing: 4 },
      'incomplete',
      '3 of 40 studies are not complete; 4 images are missing by name.',
    ],
    [
      { items: { proved: 1, setAside: 1 } },
      'incomplete',
      '1 of 2 studies is not complete; why is told below.',
    ],
    [
      { items: { proved: 9 }, openSearches: 1 },
      'incomplete',
      '1 search has no answer: what there is to be copied is not wholly known.',
    ],
    [{ items: { proved: 9, waiting: 1 } }, 'unfinished', '1 of 10 studies waits.'],
    [
      { items: { proved: 9 }, identity: 2 },
      'doubtful',
      'All is there; 2 patients bear another name or birth date under the same PatientID.',
    ],
    [{ items: { accepted: 2 } }, 'doubtful', '2 studies were accepted; nobody can be asked about them.'],
    [
      { items: { proved: 2, existing: 1 } },
      'doubtful',
      '2 studies are proved; 1 was at the destination before, and nobody can say that it is the same.',
    ],
    [{ items: { proved: 2, vanished: 1 } }, 'doubtful', '2 studies are proved; 1 is gone from the source.'],
  ])('of %j', (known, is, text) => {
    expect(judged(known)).toEqual({ is, text });
  });

  it('is never complete while something is open, whatever else there is', () => {
    for (const key of ['setAside', 'waiting', 'accepted', 'existing', 'vanished'] as const)
      expect(judged({ items: { proved: 100, [key]: 1 } }).is).not.toBe('complete');
    expect(judged({ items: { proved: 100 }, identity: 1 }).is).not.toBe('complete');
  });
});
