import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Logger } from '@orthanc-tools/telemetry';
import { openLedger } from '@orthanc-tools/work-ledger';
import { hasLost, rememberAddresses } from './remember-servers.ts';

describe('hasLost', () => {
  it.each([
    ['was emptied', { proved: 100, source: 100, destination: 0 }, true],
    ['lacks one', { proved: 100, source: 100, destination: 99 }, true],
    ['holds all', { proved: 100, source: 100, destination: 100 }, false],
    ['holds others too', { proved: 100, source: 150, destination: 120 }, false],
    ['deletes what is old, as the source does', { proved: 100, source: 40, destination: 40 }, false],
    ['was never filled', { proved: 0, source: 100, destination: 0 }, false],
  ])('of a destination that %s', (_, held, expected) => {
    expect(hasLost(held)).toBe(expected);
  });
});

it('visits again whatever was proved at other servers, also what no list of studies holds any more', () => {
  const folder = mkdtempSync(join(tmpdir(), 'servers-'));
  const warnings: string[] = [];
  const log = { warn: (event: string) => void warnings.push(event) } as unknown as Logger;
  try {
    using ledger = openLedger(join(folder, 'l.sqlite'));
    ledger.enqueue([{ key: 'a' }, { key: 'b' }]);
    rememberAddresses(ledger, 'http://s http://a', log);
    for (const claim of ledger.claimNext(Date.now(), 2))
      ledger.settle(claim, { outcome: 'copied', proof: 'id+md5', parts: 1, bytes: 1 });
    rememberAddresses(ledger, 'http://s http://a', log);
    expect(ledger.tally()).toMatchObject({ done: 2, waiting: 0 });
    rememberAddresses(ledger, 'http://s http://d', log);
    expect(ledger.tally()).toMatchObject({ done: 0, waiting: 2 });
    expect(warnings).toEqual(['servers.changed']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
