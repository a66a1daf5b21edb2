import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openLedger } from '@orthanc-tools/work-ledger';
import { addressIn, placesOf } from './places.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'places-'));
const ofThisMachine = ['http://localhost:8042/', 'http://127.0.0.1:8042/', 'http://[::1]:8042/'];
const ledgerOf = (orthancUrl: string, folder: string) => placesOf({ orthancUrl }, folder).ledger;

/** As earlier versions did: under a name of the address as it was written. */
function begin(orthancUrl: string, folder: string): string {
  const own = createHash('sha256').update(orthancUrl).digest('hex').slice(0, 12);
  const path = join(folder, `cleaner-${own}.ledger.sqlite`);
  openLedger(path, { identity: { orthancUrl } })[Symbol.dispose]();
  return path;
}

describe('the ledger of an Orthanc', () => {
  it('is one for all ways to write the address of this machine', () => {
    const folder = newFolder();
    expect(new Set(ofThisMachine.map((url) => ledgerOf(url, folder))).size).toBe(1);
  });

  it.each(['http://localhost:8043/', 'https://localhost:8042/', 'http://orthanc:8042/'])(
    'is not that of %s',
    (other) => {
      const folder = newFolder();
      expect(ledgerOf(other, folder)).not.toBe(ledgerOf(ofThisMachine[0] ?? '', folder));
    },
  );

  it.each(ofThisMachine)('that was begun under the name of an earlier version is gone on with: %s', (url) => {
    const folder = newFolder();
    const path = begin(url, folder);
    for (const written of ofThisMachine) expect(ledgerOf(written, folder)).toBe(path);
  });

  it.each(ofThisMachine)('knows that %s is the Orthanc whose it is', (url) => {
    const path = begin('http://127.0.0.1:8042/', newFolder());
    expect(addressIn(path, url)).toBe('http://127.0.0.1:8042/');
  });

  it('knows no other one', () => {
    const path = begin('http://127.0.0.1:8042/', newFolder());
    expect(addressIn(path, 'http://localhost:8043/')).toBe('http://localhost:8043/');
  });
});
