import type { Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';
import { isSameFile } from './is-same-file.ts';

/** What may be deleted, and who says so. A unit is what the caller lists: a study, a series, some instances. */
export interface ProvedDeletion<Instance extends StoredInstance> {
  /** What the source holds of the unit at this moment. */
  readonly list: () => Promise<readonly Instance[]>;
  /** Those that are, byte for byte, what was proved everywhere. Pure. */
  readonly choose: (held: readonly Instance[]) => readonly Instance[];
  /** Asks every destination anew: the identifiers of those that are still proved everywhere. */
  readonly confirm: (instances: readonly Instance[]) => Promise<ReadonlySet<string>>;
  readonly signal?: AbortSignal | undefined;
}

/** How a deletion ended. */
export interface Deletion<Instance extends StoredInstance> {
  readonly deleted: readonly Instance[];
  /**
   * Chosen, and kept: no longer `unconfirmed` by a destination, `changed` while the destinations were asked, or
   * `still there` after the source was told to delete them.
   */
  readonly kept: readonly { readonly id: string; readonly why: 'changed' | 'unconfirmed' | 'still there' }[];
  /** All that the unit now holds at the source: what was kept, and what has arrived meanwhile. */
  readonly left: readonly Instance[];
}

const deletedAtOnce = 1000;

/**
 * Deletes proved instances by their own identifiers, never what lies above them, and looks whether they are gone. What
 * the unit holds besides, or receives meanwhile, stays. An instance is deleted only while it is what was proved: that is
 * looked at before the destinations are asked and again right before the deletion of each thousand. Orthanc cannot be
 * told to delete a certain version: one that is overwritten within that last moment is deleted.
 */
export async function deleteProved<Instance extends StoredInstance>(
  source: Orthanc,
  { list, choose, confirm, signal }: ProvedDeletion<Instance>,
): Promise<Deletion<Instance>> {
  let left = await list();
  const chosen = choose(left);
  if (chosen.length === 0) return { deleted: [], kept: [], left };
  const confirmed = await confirm(chosen);
  const agreed = chosen.filter(({ id }) => confirmed.has(id));
  const changed = new Set<string>();
  const told: Instance[] = [];
  left = await list();
  for (let from = 0; from < agreed.length; from += deletedAtOnce) {
    const present = stillThere(agreed.slice(from, from + deletedAtOnce), left);
    for (const { instance, isSame } of present) if (!isSame) changed.add(instance.id);
    const same = present.filter(({ isSame }) => isSame).map(({ instance }) => instance);
    await source.instances.deleteAll(
      same.map(({ id }) => id),
      signal,
    );
    told.push(...same);
    left = await list();
  }
  const isLeft = new Set(left.map(({ id }) => id));
  return {
    deleted: told.filter(({ id }) => !isLeft.has(id)),
    kept: [
      ...[...changed].map((id) => ({ id, why: 'changed' as const })),
      ...told.filter(({ id }) => isLeft.has(id)).map(({ id }) => ({ id, why: 'still there' as const })),
      ...chosen.filter(({ id }) => !confirmed.has(id)).map(({ id }) => ({ id, why: 'unconfirmed' as const })),
    ],
    left,
  };
}

/** What is gone already is left out. */
function stillThere<Instance extends StoredInstance>(
  chosen: readonly Instance[],
  now: readonly Instance[],
): { readonly instance: Instance; readonly isSame: boolean }[] {
  const there = new Map(now.map((instance) => [instance.id, instance]));
  return chosen.flatMap((instance) => {
    const current = there.get(instance.id);
    return current === undefined ? [] : [{ instance, isSame: isSameFile(instance, current) }];
  });
}
