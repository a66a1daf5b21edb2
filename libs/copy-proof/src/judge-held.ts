import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import type { HeldCopy, WitnessKind } from './witness.ts';

/** What was compared: `id+md5` and `id` at an Orthanc; elsewhere the question that found the instance there. */
export type HeldProof = 'id+md5' | 'id' | Exclude<WitnessKind, 'orthanc'>;

/** What a destination's word proves of an instance of the source. */
export type HeldVerdict =
  | { readonly is: 'proved'; readonly proof: HeldProof }
  | { readonly is: 'missing' }
  /** The destination holds other content under the same UID. */
  | { readonly is: 'different' }
  | { readonly is: 'without file'; readonly at: 'source' | 'destination' }
  /** Something is there under this UID, and was there before we came: that it is this instance, nobody has said. */
  | { readonly is: 'undecided' };

export interface HeldCircumstances {
  readonly kind: WitnessKind;
  /**
   * The destination was asked before the sending and did not hold the instance then, by a durable record of ours: only
   * then is finding it afterwards a proof.
   */
  readonly wasAbsent: boolean;
}

/**
 * Judges one instance by what the destination says it holds under its SOP Instance UID. Pure. A different MD5 is never
 * downgraded to a proof by existence.
 */
export function judgeHeld(
  instance: StoredInstance,
  copies: readonly HeldCopy[] | undefined,
  { kind, wasAbsent }: HeldCircumstances,
): HeldVerdict {
  if (instance.isWithoutFile) return { is: 'without file', at: 'source' };
  if (copies === undefined || copies.length === 0) return { is: 'missing' };
  if (kind !== 'orthanc') return wasAbsent ? { is: 'proved', proof: kind } : { is: 'undecided' };
  const verdicts = copies.map((copy) => judgeCopy(instance, copy, wasAbsent));
  // Under one UID there may be several copies, of several patients: the best counts.
  return ranks.map((is) => verdicts.find((verdict) => verdict.is === is)).find(Boolean) ?? { is: 'missing' };
}

const ranks = ['proved', 'undecided', 'without file', 'different'] as const;

function judgeCopy(instance: StoredInstance, copy: HeldCopy, wasAbsent: boolean): HeldVerdict {
  if (copy.isWithoutFile) return { is: 'without file', at: 'destination' };
  if (instance.md5 !== undefined && copy.md5 !== undefined)
    return instance.md5 === copy.md5 ? { is: 'proved', proof: 'id+md5' } : { is: 'different' };
  // Of equal size may be what another patient has under this UID.
  if (instance.id !== copy.id || instance.size !== copy.size) return { is: 'different' };
  return wasAbsent ? { is: 'proved', proof: 'id' } : { is: 'undecided' };
}
