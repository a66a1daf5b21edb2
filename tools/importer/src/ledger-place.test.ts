import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openLedger } from '@orthanc-tools/work-ledger';
import { foldersInPythonState, ledgerPlace } from './ledger-place.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'place-'));
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

it('takes no state file of the Python tool for a ledger, whatever its name', () => {
  const statePath = join(place, 'importer.db');
  const folders = '/import/one\n/import/other\n';
  writeFileSync(statePath, folders);
  const path = ledgerPlace({ statePath }, place);
  openLedger(path)[Symbol.dispose]();
  expect(path).toBe(`${statePath}.ledger.sqlite`);
  expect([readFileSync(statePath, 'utf8'), foldersInPythonState(statePath)]).toEqual([folders, 2]);
});

it('goes on with a ledger that an earlier version has made in the place of the state file', () => {
  const statePath = join(place, 'importer.db');
  openLedger(statePath)[Symbol.dispose]();
  expect(ledgerPlace({ statePath }, place)).toBe(statePath);
  expect(foldersInPythonState(statePath)).toBeUndefined();
});
