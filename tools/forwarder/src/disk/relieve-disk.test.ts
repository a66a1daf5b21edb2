import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openLedger } from '@orthanc-tools/work-ledger';
import { hastenLastSteps, releaseKept } from './relieve-disk.ts';

const folder = mkdtempSync(join(tmpdir(), 'disk-'));
const open = (name: string) => openLedger(join(folder, `${name}.sqlite`));
const day = 24 * 3600 * 1000;

describe('while the disk is nearly full', () => {
  it('what waits at one destination only goes first, but after what is urgent', () => {
    using a = open('a');
    using b = open('b');
    a.enqueue([{ key: '1' }, { key: '2' }, { key: '3' }, { key: 'urgent', priority: 100_000 }]);
    b.enqueue([{ key: '1' }, { key: '2' }, { key: 'urgent', priority: 100_000 }]);
    const waiting = hastenLastSteps([
      { name: 'a', priority: 0, ledger: a },
      { name: 'b', priority: 100, ledger: b },
    ]);
    expect(waiting).toEqual(new Map(Object.entries({ a: 4, b: 3 })));
    expect(a.claimNext(0, 9).map(({ key }) => key)).toEqual(['urgent', '3', '1', '2']);
    expect(b.claimNext(0, 9).map(({ key }) => key)).toEqual(['urgent', '1', '2']);
  });

  it('what was proved long enough ago is let go, the oldest first and not more than needed', () => {
    using ledger = open('deletion');
    const now = 10 * day;
    const item = (key: string, provedAt: number) => ({
      key,
      readyAt: provedAt + 9 * day,
      mark: String(provedAt),
    });
    ledger.enqueue([
      item('old', 2 * day),
      item('older', 3 * day),
      item('oldest', 4 * day),
      item('new', 9 * day),
    ]);
    const once = { ledger, now, keepMs: 2 * day, atOnce: 2 };
    const after = releaseKept(once);
    expect(after).toBe('older');
    expect(ledger.claimNext(now, 9).map(({ key }) => key)).toEqual(['old', 'older']);
    expect(releaseKept({ ...once, after })).toBeUndefined();
    expect(ledger.claimNext(now, 9).map(({ key }) => key)).toEqual(['oldest']);
  });
});
