import { momentIn } from '@orthanc-tools/orthanc-client';
import type { CarriedByJob } from '@orthanc-tools/sending-jobs';
import type { ForwardContext } from './forward-units.ts';
import { fileOf, readMemory, rememberInstances } from './unit-memory.ts';

/** What came to a series after it was listed, and travelled with it. */
const memory = { before: 'absent', isSent: false, isBegun: true } as const;

/**
 * Notes of a unit what a job took along of the series that were named to it: the remote held nothing of these before, so
 * what it tells of them has come from here. Nothing is noted of what has come to a series of which it was not asked; nor
 * of what was received since the job began, or about then: it may have been overwritten, and nobody knows which version
 * went.
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
    const begun = momentIn(begunAt) ?? -Infinity;
    const receivedBefore = new Set(
      facts
        .filter(({ metadata }) => (momentIn(metadata['ReceptionDate']) ?? Infinity) + receptionDoubt <= begun)
        .map(({ id }) => id),
    );
    const same = newcomers.filter(({ id }) => receivedBefore.has(id));
    rememberInstances(ledger, [[key, same.map((one) => [one.id, { ...memory, ...fileOf(one) }] as const)]]);
  }
}

/**
 * How much later than it says Orthanc may have received something, in milliseconds: it writes the second only, by a clock
 * that lags behind that of its jobs by up to a tick of the kernel.
 */
const receptionDoubt = 1000 + 10;
