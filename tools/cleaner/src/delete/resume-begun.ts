import type { Cleaning } from '../run/cleaning.ts';
import { sideBySide } from '../run/side-by-side.ts';
import { isRestOfOurs } from './is-rest-of-ours.ts';

/** Keeps in mind only deletions that were broken off in the middle, where nothing has arrived since. */
export async function resumeBegun({
  orthanc,
  memory,
  trail,
  log,
  signal,
  isDryRun,
}: Pick<Cleaning, 'orthanc' | 'memory' | 'trail' | 'log' | 'signal' | 'isDryRun'>): Promise<void> {
  const over: string[] = [];
  await sideBySide([...memory.begun()], async ([id, begun]) => {
    const held = await orthanc.studies.instanceIds(id, signal);
    const isOurs = await isRestOfOurs({ id, instances: held }, begun, { orthanc, signal });
    if (!isOurs) {
      over.push(id);
      // All of it is gone, and nobody has heard so.
      if (held.length === 0 && !isDryRun)
        trail.write('studies.deleted', {
          studies: [{ study: id, instances: begun.instances.length }],
          notDeleted: [],
        });
    } else log.info('deletion.resumed', { study: id, instances: held.length, of: begun.instances.length });
  });
  if (!isDryRun) memory.forgetBegun(over);
}
