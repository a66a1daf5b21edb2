import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';
import type { Errand } from './carrier.ts';
import type { Lanes } from './lanes.ts';
import type { Likeness } from './likeness.ts';
import { rememberedSet } from './remembered-set.ts';
import type { StudyMemory } from './study-memory.ts';
import type { Crossing } from './study-view.ts';

/** Notes that the destination held none of what is sent next: what is there afterwards has come by that. */
export function noteAbsent(memory: StudyMemory, errands: readonly Errand[]): void {
  for (const { view } of errands)
    if (view.missing.length > 0) rememberedSet(memory, view.studyId, 'absent').add(view.missing);
}

/**
 * What proves an instance whose file differs although it was sent as it is, by a way that writes files anew: that both
 * files say the same; or, where the image alone was compressed otherwise, or nobody can compare, that the destination did
 * not hold it before.
 * @returns the proof; undefined where there is none, which is then a conflict; or why it cannot be told now
 */
export async function proofOfRewritten(
  instance: StoredInstance,
  { lanes, signal, memory, study }: Pick<Crossing, 'lanes' | 'signal'> & Remembered,
): Promise<string | undefined | Failure> {
  let likeness: Likeness | 'untold';
  try {
    likeness = await compareFiles(instance, lanes, signal);
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    if (failure.kind !== 'permanent') return failure;
    if (failure.code !== 'DICOM_UNREADABLE') return undefined;
    likeness = 'untold';
  }
  if (likeness === 'same') return 'image';
  if (likeness === 'different') return undefined;
  return rememberedSet(memory, study, 'absent').has(instance) ? 'id+sent' : undefined;
}

interface Remembered {
  readonly memory: StudyMemory;
  readonly study: string;
}

/** What is larger is not read into memory for the sake of a better proof (bytes). */
const largestCompared = 64 * 1024 ** 2;
/** Both files, and each once more while it is put together. */
const copiesInMemory = 4;

async function compareFiles(
  { id, size }: StoredInstance,
  lanes: Lanes,
  signal: AbortSignal,
): Promise<Likeness | 'untold'> {
  if (size > largestCompared) return 'untold';
  // With all character sets, which hardly any run needs.
  const { likenessOf } = await import('./likeness.ts');
  return lanes.budget.spend(copiesInMemory * size, async () => {
    const [here, there] = await Promise.all([
      readWhole(lanes.source, id, signal),
      readWhole(lanes.destination, id, signal),
    ]);
    return likenessOf(here, there);
  });
}

async function readWhole(orthanc: Orthanc, id: string, signal: AbortSignal): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of (await orthanc.instances.openFile(id, signal)).body) pieces.push(piece);
  return Buffer.concat(pieces);
}
