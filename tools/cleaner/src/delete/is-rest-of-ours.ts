import { readArrival } from '../plan/read-arrival.ts';
import type { BegunNote } from '../run/cleaner-memory.ts';
import type { Cleaning } from '../run/cleaning.ts';
import { holdsOnly } from './holds-only.ts';

interface Held {
  readonly id: string;
  readonly instances: readonly string[];
}

/**
 * Whether what a study holds was left by a deletion that was begun. The same images, sent again since, have the same
 * identifiers; they tell themselves apart by when they arrived. What does not say when is not ours.
 */
export async function isRestOfOurs(
  { id, instances }: Held,
  begun: BegunNote,
  { orthanc, signal }: Pick<Cleaning, 'orthanc' | 'signal'>,
): Promise<boolean> {
  if (begun.at === undefined || !holdsOnly(instances, begun.instances)) return false;
  const arrival = await readArrival(orthanc, id, signal);
  return arrival !== undefined && arrival < begun.at;
}
