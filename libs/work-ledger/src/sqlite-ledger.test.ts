import { afterAll, describe } from '@jest/globals';
import { describeLedgerContract } from './ledger-contract.ts';
import { ledgerFolder } from './ledger-folder.ts';
import { openLedger } from './open-ledger.ts';

describe('the ledger in SQLite', () => {
  const folder = ledgerFolder();
  afterAll(() => {
    folder[Symbol.dispose]();
  });
  describeLedgerContract((place, at) => openLedger(folder.path(`${place}.sqlite`), { now: () => at.now }));
});
