import { expect, it } from '@jest/globals';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { openBudget } from '@orthanc-tools/work-loop';
import { type ShipContext, ship } from './ship.ts';
import type { Tempo } from './tempo.ts';

const instancesOf = (study: string, count: number): StoredInstance[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `${study}${String(n)}`,
    seriesId: study,
    size: 1,
    md5: undefined,
  }));

/** Two servers, of which the source answers what is asked for when it is told to. */
function openShipping(tempo: Pick<Tempo, 'begun'>) {
  const [asked, stored]: [string[], number[]] = [[], []];
  const pending = new Map<string, () => void>();
  const readFile = (id: string) => {
    asked.push(id);
    return new Promise((resolve) =>
      pending.set(id, () => resolve({ chunks: [Buffer.alloc(1)], length: 1, release() {} })),
    );
  };
  const context = {
    lanes: { source: { instances: { readFile } }, budget: openBudget(Infinity) },
    tempo: { isNear: false, atOnce: 2, reads: openBudget(2), stores: openBudget(2), ...tempo },
    line: {
      isOver: false,
      ship: ({ parts }: { parts: readonly unknown[] }) => Promise.resolve(void stored.push(parts.length)),
    },
    signal: new AbortController().signal,
  } as unknown as ShipContext;
  const answerAll = async () => {
    for (const answer of pending.values()) answer();
    pending.clear();
    await new Promise(setImmediate);
  };
  return { asked, stored, context, answerAll };
}

it('reads study after study, so that not all come to their end at once, and none waits for the last of one', async () => {
  const { asked, stored, context, answerAll } = openShipping({ begun: openBudget(3) });
  const shipping = ['a', 'b', 'c'].map((study) =>
    ship(
      { by: 'each', instances: instancesOf(study, study === 'a' ? 3 : 1) },
      { id: study, uid: study, seriesIds: [] },
      context,
    ),
  );
  await new Promise(setImmediate);
  // Two requests may be under way, and three files be begun: the second study waits in line, the third does not yet.
  expect(asked).toEqual(['a0', 'a1']);
  await answerAll();
  expect(asked).toEqual(['a0', 'a1', 'b0', 'a2']);
  await answerAll();
  await answerAll();
  await Promise.all(shipping);
  expect(asked).toEqual(['a0', 'a1', 'b0', 'a2', 'c0']);
  expect(stored).toEqual([1, 1, 1, 1, 1]);
});
