import { isSameFile } from '@orthanc-tools/copy-proof';
import { type Routing, wantedBy } from './routing.ts';

/** An instance as the inbox holds it now. */
export interface HeldHere {
  readonly id: string;
  readonly seriesId: string;
  readonly md5: string | undefined;
  readonly fileUuid?: string | undefined;
  readonly size: number;
}

/** What a destination's ledger says of one instance: what of it was proved. */
export interface Proved {
  readonly proof: string;
  /** Of the bytes that were proved; undefined where the inbox keeps no MD5. */
  readonly md5: string | undefined;
  /** Where it keeps none: of the file at the inbox. */
  readonly fileUuid?: string | undefined;
  readonly size: number;
}

export interface DeletionRequest<Held extends HeldHere> {
  readonly held: readonly Held[];
  readonly wanted: Routing;
  /** Destination → instance → what was proved. */
  readonly proved: ReadonlyMap<string, ReadonlyMap<string, Proved>>;
}

export interface DeletionPlan<Held extends HeldHere> {
  readonly deletable: readonly Held[];
  /** Still to be proved at one destination at least, or arrived since. */
  readonly waiting: readonly Held[];
  /** Nobody wants them: they stay. */
  readonly unwanted: readonly Held[];
}

/**
 * Only what was proved at every destination that wants it, and is here still with the bytes that were proved. An instance
 * that arrived later, or was replaced by one of the same identifiers, is none of these. Pure.
 */
export function planDeletion<Held extends HeldHere>({
  held,
  wanted,
  proved,
}: DeletionRequest<Held>): DeletionPlan<Held> {
  const plan = { deletable: [] as Held[], waiting: [] as Held[], unwanted: [] as Held[] };
  for (const instance of held) {
    const destinations = wantedBy(wanted, instance);
    if (destinations?.length === 0) plan.unwanted.push(instance);
    else if (destinations?.every((name) => isProved(instance, proved.get(name)?.get(instance.id))))
      plan.deletable.push(instance);
    else plan.waiting.push(instance);
  }
  return plan;
}

/** Whether these very bytes were proved. */
export const isProved = (
  { md5, size, fileUuid }: Pick<HeldHere, 'md5' | 'size' | 'fileUuid'>,
  there: Proved | undefined,
): boolean => there !== undefined && isSameFile({ md5, size, fileUuid }, there);
