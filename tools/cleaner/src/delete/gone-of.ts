import { momentIn } from '@orthanc-tools/orthanc-client';
import type { BegunNote } from '../run/cleaner-memory.ts';
import type { Cleaning } from '../run/cleaning.ts';

/**
 * How many of the instances that were told to be deleted are gone, by what the study holds now. Those that were sent again since
 * are gone too: they tell themselves apart by when they arrived.
 */
export async function goneOf(
  id: string,
  { instances, at = Infinity }: BegunNote,
  { orthanc, signal }: Pick<Cleaning, 'orthanc' | 'signal'>,
): Promise<number> {
  const held = await orthanc.resources.facts('Instance', [id], signal);
  const untouched = new Set(
    held.filter(({ metadata }) => !((momentIn(metadata['ReceptionDate']) ?? 0) >= at)).map((one) => one.id),
  );
  return instances.filter((instance) => !untouched.has(instance)).length;
}
