import type { Failure } from '@orthanc-tools/failures';
import { itemFailure } from './item-failure.ts';
import type { Side, SideStudy } from './side.ts';

export interface LookUp {
  readonly found: ReadonlyMap<string, SideStudy>;
  /** What could not be asked for, and why. */
  readonly failed: ReadonlyMap<string, Failure>;
}

/** So few that a question that fails leaves little unknown. */
const uidsPerLookUp = 40;

/** Asks a side for studies by their UIDs; what fails is told beside what is found. */
export async function lookUp(side: Side, uids: readonly string[]): Promise<LookUp> {
  const found = new Map<string, SideStudy>();
  const failed = new Map<string, Failure>();
  for (let at = 0; at < uids.length; at += uidsPerLookUp) {
    const some = uids.slice(at, at + uidsPerLookUp);
    try {
      for (const [uid, study] of await side.studiesByUid(some)) found.set(uid, study);
    } catch (error) {
      const failure = itemFailure(error);
      if (failure === undefined) throw error;
      for (const uid of some) failed.set(uid, failure);
    }
  }
  return { found, failed };
}
