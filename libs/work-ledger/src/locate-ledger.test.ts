import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ledgerFolder } from './ledger-folder.ts';
import { ledgerOfState, locateLedger } from './locate-ledger.ts';
import { openLedger } from './open-ledger.ts';

describe('locateLedger', () => {
  it.each(['123', '123\n', '0'])(
    'reads the state file of a Python tool (%j) and leaves it alone',
    (content) => {
      using folder = ledgerFolder();
      const path = folder.path('state.txt');
      writeFileSync(path, content);
      const { ledgerPath, pythonState } = locateLedger(path);
      expect([ledgerPath, pythonState]).toEqual([`${path}.ledger.sqlite`, Number(content)]);
      openLedger(ledgerPath)[Symbol.dispose]();
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  it('gives a state file its ledger beside it even when it ends like a database', () => {
    using folder = ledgerFolder();
    writeFileSync(folder.path('state.db'), '7');
    expect(locateLedger(folder.path('state.db'))).toEqual({
      ledgerPath: folder.path('state.db.ledger.sqlite'),
      pythonState: 7,
    });
  });

  it.each([
    ['work.sqlite', 'work.sqlite'],
    ['work.DB', 'work.DB'],
    ['state', 'state.ledger.sqlite'],
  ])('finds %s at %s when nothing is there yet', (name, place) => {
    expect(locateLedger(`nowhere/${name}`)).toEqual({ ledgerPath: `nowhere/${place}` });
  });

  it('takes nothing else for a state file', () => {
    using folder = ledgerFolder();
    for (const content of ['', 'abc', '-1', '1 2', '1'.repeat(100)]) {
      writeFileSync(folder.path('state'), content);
      expect(locateLedger(folder.path('state'))).toEqual({ ledgerPath: folder.path('state.ledger.sqlite') });
    }
  });
});

describe('the ledger of a state file', () => {
  it.each(['state.db', 'state.sqlite', 'state'])('lies beside %s, whatever that holds', (name) => {
    using folder = ledgerFolder();
    const path = folder.path(name);
    expect(ledgerOfState(path)).toBe(`${path}.ledger.sqlite`);
    for (const content of ['', '/import/study1\n/import/study2\n', '7']) {
      writeFileSync(path, content);
      expect(ledgerOfState(path)).toBe(`${path}.ledger.sqlite`);
    }
  });

  it('is what an earlier version has made in its place', () => {
    using folder = ledgerFolder();
    const path = folder.path('state.db');
    openLedger(path)[Symbol.dispose]();
    expect(ledgerOfState(path)).toBe(path);
  });
});
