import type { Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';

/** What may be deleted of one study, and who says so. */
export interface ProvedDeletion {
  readonly studyId: string;
  /** The instances as they were when they were proved everywhere. */
  readonly proved: readonly StoredInstance[];
  /** Asks every destination anew: the identifiers of those that are still proved everywhere. */
  readonly confirm: (instances: readonly StoredInstance[]) => Promise<ReadonlySet<string>>;
  readonly signal?: AbortSignal | undefined;
}

/** How a deletion ended, by Orthanc identifiers. */
export interface Deletion {
  readonly deleted: readonly string[];
  /** Kept although proved once: `changed` since, or no longer `unconfirmed` by a destination. */
  readonly kept: readonly { readonly id: string; readonly why: 'changed' | 'unconfirmed' }[];
  /** All that the study now holds at the source: what was kept, and what has arrived meanwhile. */
  readonly left: readonly StoredInstance[];
}

const deletedAtOnce = 1000;

/**
 * Deletes the proved instances of a study by their own identifiers, never the study, and looks whether they are gone.
 * What the study holds besides, or receives meanwhile, stays. An instance is deleted only while it is what was proved:
 * that is looked at before the destinations are asked and again after it, right before the deletion. Orthanc cannot be
 * told to delete a certain version: one that is overwritten within that last moment is deleted.
 */
export async function deleteProved(source: Orthanc, deletion: ProvedDeletion): Promise<Deletion> {
  const { studyId, proved, confirm, signal } = deletion;
  const atFirst = sortOut(proved, await source.studies.instances(studyId, signal));
  const confirmed = atFirst.same.length === 0 ? new Set<string>() : await confirm(atFirst.same);
  const agreed = atFirst.same.filter(({ id }) => confirmed.has(id));
  const atLast = sortOut(agreed, agreed.length === 0 ? [] : await source.studies.instances(studyId, signal));
  const ids = atLast.same.map(({ id }) => id);
  for (let from = 0; from < ids.length; from += deletedAtOnce)
    await source.instances.deleteAll(ids.slice(from, from + deletedAtOnce), signal);
  const left = await source.studies.instances(studyId, signal);
  const isLeft = new Set(left.map(({ id }) => id));
  const unconfirmed = atFirst.same.filter(({ id }) => !confirmed.has(id));
  return {
    deleted: ids.filter((id) => !isLeft.has(id)),
    kept: [
      ...[...atFirst.changed, ...atLast.changed].map((id) => ({ id, why: 'changed' as const })),
      ...unconfirmed.map(({ id }) => ({ id, why: 'unconfirmed' as const })),
    ],
    left,
  };
}

interface Sorted {
  readonly same: readonly StoredInstance[];
  readonly changed: readonly string[];
}

/** What is gone already is neither. */
function sortOut(proved: readonly StoredInstance[], now: readonly StoredInstance[]): Sorted {
  const there = new Map(now.map((instance) => [instance.id, instance]));
  const present = proved.flatMap((instance) => {
    const current = there.get(instance.id);
    return current === undefined ? [] : [{ instance, isSame: isSameFile(instance, current) }];
  });
  return {
    same: present.filter(({ isSame }) => isSame).map(({ instance }) => instance),
    changed: present.filter(({ isSame }) => !isSame).map(({ instance }) => instance.id),
  };
}

const isSameFile = (one: StoredInstance, other: StoredInstance): boolean =>
  one.md5 === other.md5 && one.size === other.size && one.isWithoutFile === other.isWithoutFile;
