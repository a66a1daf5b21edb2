import { type Check, expected } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import type { CleanerOptions } from '../options.ts';
import { ledgerAt, otherLedgerOf } from '../run/refuse-second-ledger.ts';

/** Whether a run would be refused for another ledger of the same Orthanc; nothing is said where this one has its own already. */
export const sameOrthanc = ({ ledgerPath }: Pick<CleanerOptions, 'ledgerPath'>, ledger: string): Check => ({
  name: 'same Orthanc',
  isNeeded: true,
  look({ facts: { databaseIdentifier }, find }) {
    if (ledgerPath !== undefined || databaseIdentifier === undefined) return [];
    try {
      if (ledgerAt(ledger) !== undefined) return [];
      const other = otherLedgerOf(databaseIdentifier, ledger);
      if (other === undefined) return [];
      const found = `${other.path} is of this Orthanc, which was named ${other.url} then`;
      const remedy = `Give ${nameOf('orthancUrl')} as it was given then, or name a new ledger with ${nameOf('ledgerPath')}.`;
      return find('same Orthanc', 'problem', found, remedy);
    } catch (error) {
      return find('same Orthanc', 'problem', expected(error).message);
    }
  },
});
