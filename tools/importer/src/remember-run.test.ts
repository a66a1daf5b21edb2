import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openLedger } from '@orthanc-tools/work-ledger';
import { mustProveAgain, rememberRun } from './remember-run.ts';

const places = mkdtempSync(join(tmpdir(), 'importer-'));
afterAll(() => rmSync(places, { recursive: true }));

type Now = Parameters<typeof mustProveAgain>[1];
const log = { info: () => undefined, warn: () => undefined };
const at = (url: string, instances = 5) =>
  ({
    orthanc: { url, statistics: () => Promise.resolve({ instances }) },
    log,
    whenDone: 'keep',
  }) as unknown as Now;

function ledgerWithOneProved(name: string) {
  const ledger = openLedger(join(places, name), { identity: {} });
  ledger.enqueue([{ key: 'a' }]);
  for (const claim of ledger.claimNext(1, 1))
    ledger.settle(claim, { outcome: 'stored', proof: 'id+md5', parts: 1, bytes: 1 });
  return ledger;
}

describe('mustProveAgain', () => {
  it('holds for another server until a whole run has come to its end there', async () => {
    using ledger = ledgerWithOneProved('other');
    expect(await mustProveAgain(ledger, at('http://a'))).toBe(false);
    rememberRun(ledger, 'keep');
    expect(await mustProveAgain(ledger, at('http://a'))).toBe(false);
    expect(await mustProveAgain(ledger, at('http://b'))).toBe(true);
    // That run was interrupted.
    expect(await mustProveAgain(ledger, at('http://b'))).toBe(true);
    rememberRun(ledger, 'keep');
    expect(await mustProveAgain(ledger, at('http://b'))).toBe(false);
  });

  it('holds for a server that held nothing until a whole run has come to its end', async () => {
    using ledger = ledgerWithOneProved('empty');
    expect(await mustProveAgain(ledger, at('http://a'))).toBe(false);
    expect(await mustProveAgain(ledger, at('http://a', 0))).toBe(true);
    expect(await mustProveAgain(ledger, at('http://a', 1))).toBe(true);
    rememberRun(ledger, 'keep');
    expect(await mustProveAgain(ledger, at('http://a', 1))).toBe(false);
  });
});
