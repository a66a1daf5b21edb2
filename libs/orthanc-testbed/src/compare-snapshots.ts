import type { HeldInstance, Snapshot } from './snapshot-orthanc.ts';

export interface SnapshotDifference {
  readonly areEqual: boolean;
  /** Orthanc IDs. */
  readonly onlyInFirst: readonly string[];
  readonly onlyInSecond: readonly string[];
  /** On both sides with other bytes. */
  readonly different: readonly string[];
}

/** Compares by ID, size and hash; by SHA-256 where both snapshots have read the files. */
export function compareSnapshots(first: Snapshot, second: Snapshot): SnapshotDifference {
  const onlyInFirst = [...first.keys()].filter((id) => !second.has(id));
  const onlyInSecond = [...second.keys()].filter((id) => !first.has(id));
  const different = [...first].filter(([id, held]) => isDifferent(held, second.get(id))).map(([id]) => id);
  const areEqual = onlyInFirst.length + onlyInSecond.length + different.length === 0;
  return { areEqual, onlyInFirst, onlyInSecond, different };
}

function isDifferent(one: HeldInstance, other: HeldInstance | undefined): boolean {
  if (other === undefined) return false;
  if (one.bytes !== other.bytes) return true;
  if (one.sha256 !== undefined && other.sha256 !== undefined) return one.sha256 !== other.sha256;
  return one.md5 !== other.md5;
}
