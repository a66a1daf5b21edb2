import type { CarriedByJob } from '@orthanc-tools/sending-jobs';
import type { ForwardContext } from './forward-units.ts';
import { fileOf, readMemory, rememberInstances } from './unit-memory.ts';

/** What came to a series after it was listed, and travelled with it. */
const memory = { before: 'absent', isSent: false, isBegun: true } as const;

/**
 * Notes of a unit what a job took along of the series that were named to it: the remote held nothing of these before, so
 * what it tells of them has come from here. Nothing is noted of what has come
 * to a series of which it was not asked; nor of what was overwritten since the job began: nobody knows which version went.
 */
export async function noteNewcomers(
  key: string,
  { ids, begunAt }: CarriedByJob,
  { inbox, ledger, signal }: Pick<ForwardContext, 'inbox' | 'ledger' | 'signal'>,
): Promise<void> {
  const { instances, job } = readMemory(ledger, key);
  for (const seriesId of job?.series ?? []) {
    const held = await inbox.findInstances({ seriesId, signal });
    const newcomers = held.filter(({ id }) => ids.has(id) && !instances.has(id));
    const facts = await inbox.resources.facts(
      'Instance',
      newcomers.map(({ id }) => id),
      signal,
    );
    const since = new Map(facts.map(({ id, metadata }) => [id, metadata['ReceptionDate'] ?? '']));
    const same = newcomers.filter(({ id }) => isBefore(since.get(id), begunAt));
    rememberInstances(ledger, [[key, same.map((one) => [one.id, { ...memory, ...fileOf(one) }] as const)]]);
  }
}

/** Both as Orthanc writes them, in UTC, the first one to the second. */
const isBefore = (received: string | undefined, begunAt: string | undefined): boolean =>
  received !== undefined &&
  received !== '' &&
  begunAt !== undefined &&
  received <= begunAt.slice(0, received.length);
