import { type Failure, transientFailure } from '@orthanc-tools/failures';

/** An instance that will not arrive unless somebody acts; the part is its Orthanc ID. */
export interface Exception {
  readonly part: string;
  readonly code: string;
  readonly message: string;
}

/** What became of one study; counts are of instances, sizes in bytes. */
export interface StudyOutcome {
  /** Nothing of it is at the source any more. */
  readonly isVanished: boolean;
  /** Proved at the destination, by the kind of proof. */
  readonly proved: Readonly<Record<string, number>>;
  readonly provedBytes: number;
  /** Sent with success, or named by the destination before; that it holds the same cannot be found out. */
  readonly accepted: number;
  readonly acceptedBytes: number;
  /** Those of the proved and accepted ones that this visit brought there. */
  readonly copied: number;
  readonly copiedBytes: number;
  /** What will not arrive unless somebody acts. */
  readonly exceptions: readonly Exception[];
  /** Orthanc IDs of what is neither proved nor given up; keys of what belongs to it. */
  readonly pending: readonly string[];
  /** Why the study must be visited again. */
  readonly unfinished: Failure | undefined;
  /** What was added to it by users: labels, metadata, attachments, protection; counted one by one. */
  readonly belongings?: BelongingsCount;
}

export interface BelongingsCount {
  readonly brought: number;
  readonly removed: number;
  readonly proved: number;
}

export const nothingProved: StudyOutcome = {
  isVanished: false,
  proved: {},
  provedBytes: 0,
  accepted: 0,
  acceptedBytes: 0,
  copied: 0,
  copiedBytes: 0,
  exceptions: [],
  pending: [],
  unfinished: undefined,
};

export const vanished: StudyOutcome = { ...nothingProved, isVanished: true };

/** Of a visit that came to no result. */
export const notVisited = (unfinished: Failure): StudyOutcome => ({ ...nothingProved, unfinished });

/** A study that has come back while it was looked at, or whose source contradicts itself. */
export const toldEmpty = (): StudyOutcome =>
  notVisited(
    transientFailure('STUDY_WITHOUT_INSTANCES', 'The source knows the study, and tells no instance of it.'),
  );

export const provedIn = ({ proved }: Pick<StudyOutcome, 'proved'>): number =>
  Object.values(proved).reduce((sum, count) => sum + count, 0);

/** Each weaker than those behind it. */
const proofs = ['id+sent', 'c-find', 'commitment', 'id', 'id+content', 'image', 'id+md5'];

/** The weakest proof that any instance of the study has: what may be said of the study as a whole. */
export function proofOf({ proved, accepted }: Pick<StudyOutcome, 'proved' | 'accepted'>): string {
  if (accepted > 0) return 'none';
  return proofs.find((proof) => (proved[proof] ?? 0) > 0) ?? 'none';
}
