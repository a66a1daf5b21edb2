import { type Belonging, isSame } from './belonging.ts';

/** What is known of the belongings of a study, each by its key. */
export interface BelongingsView {
  readonly here: ReadonlyMap<string, Belonging>;
  readonly there: ReadonlyMap<string, Belonging>;
  /** The digest of what was equal on both sides when they were last compared. */
  readonly remembered: ReadonlyMap<string, string>;
}

export interface BelongingsRules {
  /** What the destination's users have set differently: reported, or replaced by what the source has. */
  readonly onConflict: 'report' | 'source';
  /** What the clone has brought, and the source has no longer, is taken away. */
  readonly removes: boolean;
}

export interface BelongingsPlan {
  readonly bring: readonly Belonging[];
  readonly remove: readonly Belonging[];
  readonly conflicts: readonly Belonging[];
}

/**
 * What is to be done so that the destination has what the source has. Pure. What was equal once and is as it was then has
 * been changed by nobody there: it follows the source. What the destination has otherwise is its users' own.
 */
export function planBelongings(
  { here, there, remembered }: BelongingsView,
  { onConflict, removes }: BelongingsRules,
): BelongingsPlan {
  const [bring, conflicts]: [Belonging[], Belonging[]] = [[], []];
  for (const wanted of here.values()) {
    const held = there.get(wanted.key);
    if (held !== undefined && isSame(wanted, held)) continue;
    const isOurs = held === undefined || remembered.get(held.key) === held.digest;
    (isOurs || onConflict === 'source' ? bring : conflicts).push(wanted);
  }
  const left = removes ? [...there.values()].filter(({ key }) => !here.has(key)) : [];
  return { bring, conflicts, remove: left.filter(({ key, digest }) => remembered.get(key) === digest) };
}
