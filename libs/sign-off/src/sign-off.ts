import type { LedgerView } from '@orthanc-tools/work-ledger';
import type { ItemSums } from './item-sums.ts';
import { isProof } from './proof-words.ts';
import { type Verdict, judge } from './verdict.ts';

/** Codes of what is there with another content than here. */
export const contentConflicts = ['CONTENT_CONFLICT', 'CONTENT_CHANGED'];

/** One report for whoever answers for a copy, in the same layout for every tool that copies; holds no patient data. */
export interface SignOff {
  readonly from: string;
  readonly to: string;
  readonly verdict: Verdict;
  /** What the run that writes this was limited to: "label A"; empty: to nothing. */
  readonly limitedTo: readonly string[];
  /** What is counted as one: a study or a file. */
  readonly unit: 'study' | 'file';
  readonly items: ItemSums & { readonly total: number };
  /** Questions for what is to be copied that are set aside or wait. */
  readonly openSearches: number;
  /** `missing`: by name, of what was set aside. */
  readonly instances: { readonly proved: number; readonly missing: number };
  /** Of the instances that are proved; left out where nobody has told their size, as with a modality. */
  readonly bytes?: number;
  readonly proofs: readonly { readonly proof: string; readonly items: number; readonly instances: number }[];
  /** `identity`: the same PatientID with another name or birth date. */
  readonly conflicts: { readonly content: number; readonly identity: number };
  readonly setAside: readonly {
    readonly code: string;
    readonly items: number;
    readonly instances: number;
  }[];
}

/** What the ledger does not know, or not by this name. */
export interface SignOffWords {
  readonly from: string;
  readonly to: string;
  readonly unit: SignOff['unit'];
  readonly items: ItemSums;
  readonly identityConflicts: number;
  readonly limitedTo?: readonly string[];
  /** Both ends are one server: nothing can have been copied. */
  readonly isOneServer?: boolean;
}

/** Of all runs that the ledger holds. */
export function signOff(ledger: Pick<LedgerView, 'tally' | 'reasons'>, words: SignOffWords): SignOff {
  const { from, to, unit, items, identityConflicts, limitedTo = [], isOneServer = false } = words;
  const tally = ledger.tally();
  const setAside = ledger
    .reasons()
    .map(({ code, items: of, parts }) => ({ code, items: of, instances: parts }));
  // Without a proof, what a destination took is only accepted.
  const proved = tally.parts - (tally.byProof['none']?.parts ?? 0);
  const instances = { proved, missing: tally.exceptionParts };
  // What a ledger holds beside studies and files are searches for them.
  const open = tally.setAside + tally.waiting + tally.inHand;
  const openSearches = Math.max(0, open - items.setAside - items.waiting);
  const conflicts = {
    // A file that was set aside as a whole has no parts, and is one image.
    content: setAside
      .filter(({ code }) => contentConflicts.includes(code))
      .reduce((sum, reason) => sum + Math.max(reason.items, reason.instances), 0),
    identity: identityConflicts,
  };
  const proofs = Object.entries(tally.byProof)
    .filter(([proof]) => isProof(proof))
    .map(([proof, of]) => ({ proof, items: of.items, instances: of.parts }));
  return {
    from,
    to,
    verdict: judge({ unit, items, instances, conflicts, openSearches, limitedTo, isOneServer }),
    limitedTo,
    unit,
    items: { total: Object.values(items).reduce((sum: number, count: number) => sum + count, 0), ...items },
    openSearches,
    instances,
    ...(tally.bytes > 0 || tally.parts === 0 ? { bytes: tally.bytes } : {}),
    proofs,
    conflicts,
    setAside,
  };
}
