import type { Outcome } from './outcome.ts';

/** What one run did: files and members of archives; sizes in bytes. */
export interface RunTotals {
  storedInstances: number;
  storedBytes: number;
  alreadyThereInstances: number;
  notDicomFiles: number;
  skippedFiles: number;
}

export const noTotals = (): RunTotals => ({
  storedInstances: 0,
  storedBytes: 0,
  alreadyThereInstances: 0,
  notDicomFiles: 0,
  skippedFiles: 0,
});

export function addOutcome(totals: RunTotals, { status, size }: Outcome): void {
  if (status === 'stored') {
    totals.storedInstances += 1;
    totals.storedBytes += size;
  } else if (status === 'already-there') totals.alreadyThereInstances += 1;
  else if (status === 'not-dicom') totals.notDicomFiles += 1;
  else if (status === 'skipped') totals.skippedFiles += 1;
}

export function addTotals(totals: RunTotals, more: Readonly<RunTotals>): void {
  for (const what of Object.keys(totals) as (keyof RunTotals)[]) totals[what] += more[what];
}
