import type { Claim, ItemRow, NewItem, Testimony, Tried } from '@orthanc-tools/work-ledger';
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

interface Note {
  /** How often it was to be stored. */
  readonly tried?: Tried;
}

/** Keeps what a file says of its patients: once they were judged, it is entered again, to be stored. */
export function awaitVerdict(claim: Claim, { size, testimonies }: Read, hand: Pick<Hand, 'settle'>): void {
  const { attempt, crashes } = claim;
  const tried: Note = wasJudged(claim) ? { tried: { attempts: attempt - 1, crashes } } : {};
  const note = JSON.stringify({ ...awaitsVerdict, size, ...tried });
  hand.settle(claim, { outcome: identified, proof: 'none', parts: 0, bytes: 0, note, testimonies });
}

/** As it is entered to be stored: however often it is read for whose it is, it is tried no more often than any other. */
export function asJudged({ key, mark, note }: Pick<ItemRow, 'key' | 'mark' | 'note'>): NewItem {
  const { tried }: Note = JSON.parse(note) as Note;
  return { key, mark, priority: judgedPriority, ...(tried === undefined ? {} : { tried }) };
}
