import { momentIn } from '@orthanc-tools/orthanc-client';
import type { CarriedByJob } from '@orthanc-tools/sending-jobs';
import type { ForwardContext } from './forward-units.ts';
import { fileOf, readMemory, rememberInstances } from './unit-memory.ts';

/** What came to a series after it was listed, and travelled with it. */
const memory = { before: 'absent', isSent: false, isBegun: true } as const;

/**
 * Notes of a unit what a job took along of the series that were named to it: the remote held nothing of these before, so
 * what it tells of them has come from here. Nothing is noted of what has come to a series of which it was not asked; nor
 * of what may have been overwritten since the job began: nobody knows which version went.
 */
export async function noteNewcomers(
  key: string,
  { ids, begunAt }: CarriedByJob,
  { inbox, ledger, signal }: Pick<ForwardContext, 'inbox' | 'ledger' | 'signal'>,
): Promise<void> {
  const { instances, job } = readMemory(ledger, key);
  const newcomers = [];
  for (const seriesId of job?.series ?? []) {
    const held = await inbox.findInstances({ seriesId, signal });
    newcomers.push(...held.filter(({ id }) => ids.has(id) && !instances.has(id)));
  }
  if (newcomers.length === 0) return;
  const neverOverwrites = (await inbox.system(signal)).overwrite === 'Never';
  const facts = await inbox.resources.facts(
    'Instance',
    newcomers.map(({ id }) => id),
    signal,
  );
  const same = new Set(
    facts.filter(({ metadata }) => isThatOfJob(metadata, { begunAt, neverOverwrites })).map(({ id }) => id),
  );
  const known = newcomers
    .filter(({ id }) => same.has(id))
    .map((one) => [one.id, { ...memory, ...fileOf(one) }] as const);
  rememberInstances(ledger, [[key, known]]);
}

/**
 * Of something that the job took along, whether it is still what it was then. Orthanc tells to the second when it has received it: within
 * the second in which the job began, it may have been before or after that. Pure.
 */
export function isThatOfJob(
  metadata: Readonly<Record<string, string>>,
  { begunAt, neverOverwrites }: { readonly begunAt: string | undefined; readonly neverOverwrites: boolean },
): boolean {
  const [received = Infinity, begun = -Infinity] = [momentIn(metadata['ReceptionDate']), momentIn(begunAt)];
  // What is modified under its own identifiers is overwritten whatever the configuration says.
  const mayBeAnother = !neverOverwrites || 'ModifiedFrom' in metadata || 'AnonymizedFrom' in metadata;
  return received + (mayBeAnother ? receptionDoubt : 0) <= begun;
}

/**
 * How much later than it says Orthanc may have received something, in milliseconds: it writes the second only, by a clock
 * that lags behind that of its jobs by up to a tick of the kernel.
 */
const receptionDoubt = 1000 + 10;
