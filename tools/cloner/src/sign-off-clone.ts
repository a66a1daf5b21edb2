import { basename } from 'node:path';
import { type SignOff, eachOpenPart, itemSums, signOff, writeSignOff } from '@orthanc-tools/sign-off';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { filterWords } from './filters/filter-words.ts';
import type { ClonerOptions } from './options.ts';
import { destinationIn } from './ledger-place.ts';

interface ClonedWork {
  readonly ledger: WorkLedger;
  /** Source and destination. */
  readonly isOneServer: boolean;
  readonly endedAt: Date;
}

/** What the ledger holds of all runs, for whoever answers for the copy; as a page too, where one is wanted. */
export async function signOffClone(
  options: ClonerOptions,
  { ledger, isOneServer, endedAt }: ClonedWork,
): Promise<SignOff> {
  const report = signOff(ledger, {
    from: options.sourceUrl,
    to: destinationIn(options) ?? '',
    unit: 'study',
    items: itemSums(ledger.tally(), { vanished: ['vanished'], accepted: ['accepted'] }),
    // Orthanc's identifiers hold the PatientID, and a copy changes nothing: there is nothing to contradict.
    identityConflicts: 0,
    limitedTo: filterWords(options),
    isOneServer,
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
