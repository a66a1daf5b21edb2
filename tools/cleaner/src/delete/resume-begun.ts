import type { Cleaning } from '../run/cleaning.ts';
import { sideBySide } from '../run/side-by-side.ts';
import { isRestOfOurs } from './is-rest-of-ours.ts';

/** Keeps in mind only deletions that were broken off in the middle, where nothing has arrived since. */
export async function resumeBegun({
  orthanc,
  memory,
  log,
  signal,
}: Pick<Cleaning, 'orthanc' | 'memory' | 'log' | 'signal'>): Promise<void> {
  const over: string[] = [];
  await sideBySide([...memory.begun()], async ([id, begun]) => {
    const held = await orthanc.studies.instanceIds(id, signal);
    const isOurs = await isRestOfOurs({ id, instances: held }, begun, { orthanc, signal });
    if (!isOurs) over.push(id);
    else log.info('deletion.resumed', { study: id, instances: held.length, of: begun.instances.length });
  });
  memory.forgetBegun(over);
}
