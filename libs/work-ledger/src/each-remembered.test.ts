import { expect, it } from '@jest/globals';
import { eachRemembered } from './each-remembered.ts';

const parts = ['a', 'b', 'c', 'd', 'e'];

/** Tells of so many parts, and counts how often it is asked. */
function ledgerOf(count: number) {
  const all = parts.slice(0, count).map((part) => ({ part, note: `of ${part}` }));
  let asked = 0;
  return {
    all,
    asked: () => asked,
    remembered: (key: string, { limit, after = '' }: { limit: number; after?: string }) => {
      asked += 1;
      return key === 'study' ? all.filter(({ part }) => part > after).slice(0, limit) : [];
    },
  };
}

it.each([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [5, 3],
])('tells of %d parts, each once, in pages of two', (count, questions) => {
  const ledger = ledgerOf(count);
  expect([...eachRemembered(ledger, 'study', 2)]).toEqual(ledger.all);
  expect(ledger.asked()).toBe(questions);
});

it('asks for no further page once nobody wants more', () => {
  const ledger = ledgerOf(5);
  for (const { part } of eachRemembered(ledger, 'study', 2)) if (part === 'b') break;
  expect(ledger.asked()).toBe(1);
});
