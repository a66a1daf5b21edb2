import type { Cleaning } from '../run/cleaning.ts';
import { sideBySide } from '../run/side-by-side.ts';
import { holdsOnly } from './holds-only.ts';

/** Keeps in mind only deletions that were broken off in the middle, where nothing has arrived since. */
export async function resumeBegun({
  orthanc,
  memory,
  log,
  signal,
}: Pick<Cleaning, 'orthanc' | 'memory' | 'log' | 'signal'>): Promise<void> {
  const over: string[] = [];
  await sideBySide([...memory.begun()], async ([id, { instances }]) => {
    const held = await orthanc.studies.instanceIds(id, signal);
    if (!holdsOnly(held, instances)) over.push(id);
    else log.info('deletion.resumed', { study: id, instances: held.length, of: instances.length });
  });
  memory.forgetBegun(over);
}
