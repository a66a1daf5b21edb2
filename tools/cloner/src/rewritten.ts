import { wholeFile } from '@orthanc-tools/copy-proof';
import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';
import type { Errand } from './carrier.ts';
import { isUnfound } from './judge-unfound.ts';
import type { Lanes } from './lanes.ts';
import type { Gist, Likeness } from './likeness.ts';
import { provedAs, rememberedSet } from './remembered-set.ts';
import type { StudyMemory } from './study-memory.ts';
import type { Crossing } from './study-view.ts';

/** Notes that the destination held none of what is sent next: what is there afterwards has come by that. */
export function noteAbsent(memory: StudyMemory, errands: readonly Errand[]): void {
  for (const { view } of errands)
    if (view.missing.length > 0) rememberedSet(memory, view.studyId, 'absent').add(view.missing);
}

/** One instance, as each side tells of it. */
export interface BothSides {
  readonly here: StoredInstance;
  readonly there: StoredInstance;
}

/**
 * What proves an instance whose file differs although it was sent as it is, by a way that writes files anew: that both
 * files say the same; or, where the image alone was compressed otherwise, or a file is too large to be compared, that the
 * destination did not hold it before.
 * @returns the proof; undefined where there is none, as nobody can explain the difference; or why it cannot be told now
 */
export async function proofOfRewritten(
  both: BothSides,
  { lanes, signal, memory, study }: Pick<Crossing, 'lanes' | 'signal'> & Remembered,
): Promise<string | undefined | Failure> {
  let likeness: Likeness | 'untold';
  try {
    likeness = await compareFiles(both, lanes, signal);
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    if (failure.kind !== 'permanent' || isUnfound(failure)) return failure;
    if (failure.code !== 'DICOM_TOO_LARGE') return undefined;
    likeness = 'untold';
  }
  if (likeness === 'same') return 'image';
  if (likeness === 'different') return undefined;
  const wasSent =
    rememberedSet(memory, study, 'absent').has(both.here) ||
    rememberedSet(memory, study, 'proved').has(asArrived(both));
  return wasSent ? 'id+sent' : undefined;
}

/** The proof by having been sent holds as long as the destination has the file that came by that. */
const asArrived = ({ here, there }: BothSides) => provedAs(here, `${there.md5 ?? ''} ${String(there.size)}`);

/**
 * Withdraws the note that the destination did not hold them before, as what came of the sending is known: whatever is there
 * later may be anybody's. Of what was proved by that note it is remembered which file came of it, and that first: whoever
 * dies in between still knows.
 */
export function withdrawAbsent(
  { memory, study }: Remembered,
  concluded: readonly StoredInstance[],
  provedBySending: readonly BothSides[],
): void {
  rememberedSet(memory, study, 'proved').add(provedBySending.map(asArrived));
  rememberedSet(memory, study, 'absent').remove(concluded);
}

interface Remembered {
  readonly memory: StudyMemory;
  readonly study: string;
}

/** What is larger, on either side, is not read into memory for the sake of a better proof (bytes). */
const largestCompared = 64 * 1024 ** 2;

async function compareFiles(
  { here, there }: BothSides,
  lanes: Lanes,
  signal: AbortSignal,
): Promise<Likeness | 'untold'> {
  if (Math.max(here.size, there.size) > largestCompared) return 'untold';
  // Each for itself: two large ones are not in memory together.
  const gist = (orthanc: Orthanc, instance: StoredInstance) =>
    lanes.budget.spend(instance.size, () => readGist(orthanc, instance, signal));
  const gists = await Promise.all([gist(lanes.source, here), gist(lanes.destination, there)]);
  // With all character sets, which hardly any run needs.
  const { likenessOf } = await import('./likeness.ts');
  return likenessOf(...gists);
}

/** The file is put in its place as it comes, so that it is in memory once. */
async function readGist(orthanc: Orthanc, instance: StoredInstance, signal: AbortSignal): Promise<Gist> {
  const file = Buffer.allocUnsafe(instance.size);
  let length = 0;
  for await (const piece of wholeFile(orthanc, instance, signal)) length += piece.copy(file, length);
  const { gistOf } = await import('./likeness.ts');
  return gistOf(file, largestCompared);
}
