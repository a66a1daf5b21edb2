import { statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ledgerFolder } from './ledger-folder.ts';
import { openLedger } from './open-ledger.ts';

const itemsPerDay = 500;
const daysKept = 3;

/** Each day as much is done, and what is older than some days is condensed. @returns the size of the file in the end */
function afterDays(path: string, days: number): number {
  const time = { now: 0 };
  {
    using ledger = openLedger(path, { now: () => time.now });
    for (let day = 0; day < days; day += 1) {
      time.now = day;
      ledger.enqueue(keysOf(day).map((key) => ({ key })));
      for (const claim of ledger.claimNext(day, itemsPerDay)) {
        ledger.remember(claim.key, [{ part: 'p', note: 'known' }]);
        ledger.settle(claim, { outcome: 'copied', proof: 'id', parts: 1, bytes: 10 });
      }
      ledger.condense(keysOf(day - daysKept), day);
    }
    expect(ledger.tally()).toMatchObject({ done: days * itemsPerDay, parts: days * itemsPerDay });
  }
  return statSync(path).size;
}

const keysOf = (day: number): string[] =>
  Array.from({ length: itemsPerDay }, (_, index) => `item ${String(day)}-${String(index)}`);

describe('a ledger that is condensed', () => {
  it('does not grow with the years', () => {
    using folder = ledgerFolder();
    const [days, months] = [afterDays(folder.path('a.sqlite'), 5), afterDays(folder.path('b.sqlite'), 40)];
    expect(months).toBeLessThan(days * 1.2);
  });
});
