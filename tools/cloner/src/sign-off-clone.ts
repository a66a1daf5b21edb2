import { basename } from 'node:path';
import { type SignOff, eachOpenPart, itemSums, signOff, writeSignOff } from '@orthanc-tools/sign-off';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { ClonerOptions } from './options.ts';
import { destinationIn } from './ledger-place.ts';

/** What the ledger holds of all runs, for whoever answers for the copy; as a page too, where one is wanted. */
export async function signOffClone(
  options: Pick<ClonerOptions, 'sourceUrl' | 'destUrl' | 'destPeer' | 'destDicom' | 'htmlReport' | 'report'>,
  ledger: WorkLedger,
  endedAt: Date,
): Promise<SignOff> {
  const report = signOff(ledger, {
    from: options.sourceUrl,
    to: destinationIn(options) ?? '',
    unit: 'study',
    items: itemSums(ledger.tally(), { vanished: ['vanished'], accepted: ['accepted'] }),
    // Orthanc's identifiers hold the PatientID, and a copy changes nothing: there is nothing to contradict.
    identityConflicts: 0,
  });
  await writeSignOff(options.htmlReport, report, {
    what: 'Clone',
    endedAt,
    open: () => eachOpenPart(ledger),
    identityConflicts: [],
    allRowsIn: options.report === undefined ? 'the file that "--report" writes' : basename(options.report),
    madeBy: 'orthanc-cloner',
  });
  return report;
}
