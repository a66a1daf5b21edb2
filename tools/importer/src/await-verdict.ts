import type { Claim, Testimony } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';

/** What is known of a file of which only the patient was looked at. */
export const awaitsVerdict = {
  status: 'waiting',
  code: 'IDENTITY_WAITS',
  reason: 'Whose images these are shows once all files were read.',
} as const;

/** The word of the ledger for it. */
export const identified = 'identified';

/** With it a file is entered whose patients were judged: it may be stored, and goes before what came meanwhile. */
export const judgedPriority = 1;

/** Whatever has changed since was entered anew, without it. */
export const wasJudged = ({ priority }: Pick<Claim, 'priority'>): boolean => priority >= judgedPriority;

interface Read {
  readonly size: number;
  readonly testimonies: readonly Testimony[];
}

/** Keeps what a file says of its patients: once they were judged, it is entered again, to be stored. */
export function awaitVerdict(claim: Claim, { size, testimonies }: Read, hand: Pick<Hand, 'settle'>): void {
  const note = JSON.stringify({ ...awaitsVerdict, size });
  hand.settle(claim, { outcome: identified, proof: 'none', parts: 0, bytes: 0, note, testimonies });
}
