import { resolve } from 'node:path';
import { type SignOff, eachOpenPart, itemSums, signOff, writeSignOff } from '@orthanc-tools/sign-off';
import type { LedgerView } from '@orthanc-tools/work-ledger';
import { conflictsIn } from './conflicts-in.ts';
import { importTally } from './import-tally.ts';

interface Ends {
  readonly folderPath: string;
  readonly orthancUrl: string;
  readonly htmlReport?: string | undefined;
}

/** Settled, and no image: nothing of them is to be proved. */
const passedOver = ['not-dicom', 'skipped', 'waiting'];

/** What the ledger holds of all runs, for whoever answers for the import; as a page too, where one is wanted. */
export async function signOffImport(
  { folderPath, orthancUrl, htmlReport }: Ends,
  ledger: LedgerView,
  endedAt: Date,
): Promise<SignOff> {
  const tally = importTally(ledger.tally());
  const counted = { tally: () => tally, reasons: () => ledger.reasons() };
  const report = signOff(counted, {
    from: resolve(folderPath),
    to: orthancUrl,
    unit: 'file',
    items: itemSums(tally, { vanished: ['vanished'], passedOver }),
    identityConflicts: ledger.verdictCount(),
  });
  await writeSignOff(htmlReport, report, {
    what: 'Import',
    endedAt,
    open: () => eachOpenPart(ledger),
    identityConflicts: conflictsIn(ledger),
    madeBy: 'orthanc-importer',
  });
  return report;
}
