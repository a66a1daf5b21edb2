import { type FoundStudy, type KnownCap, type Slice, knownCap } from '@orthanc-tools/study-search';
import type { Side } from './side.ts';

export interface Relisted {
  /** What was told of the days, now and before. */
  readonly studies: readonly FoundStudy[];
  /** False: the side still does not tell what it is known to have of these days. */
  readonly isWhole: boolean;
}

/**
 * Lists some days again of which a side has not told studies that it has. They may have come meanwhile; otherwise it
 * cuts its answers where nobody would suspect it, so that these days are asked for in parts.
 */
export async function listAgain(side: Side, slice: Slice, missed: readonly string[]): Promise<Relisted> {
  const told = slice.studies.size;
  const all: FoundStudy[] = [];
  for (const cap of [undefined, ...(told > 0 ? [knownCap(told)] : [])]) {
    const listed = await listOnce(side, slice, cap);
    all.push(...listed);
    const uids = new Set(listed.map(({ studyInstanceUid }) => studyInstanceUid));
    if (missed.some((uid) => !uids.has(uid))) continue;
    if (cap !== undefined) side.learnCut(told);
    return { studies: all, isWhole: true };
  }
  return { studies: all, isWhole: false };
}

async function listOnce(side: Side, { dates }: Slice, cap: KnownCap | undefined): Promise<FoundStudy[]> {
  const listed: FoundStudy[] = [];
  for await (const { studies, ofOtherPatients } of side.slices({
    span: { dates },
    order: 'oldest first',
    cap,
  }))
    listed.push(...studies.values(), ...ofOtherPatients);
  return listed;
}
