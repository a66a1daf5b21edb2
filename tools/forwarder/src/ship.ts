import type { CarriedByJob, SendingEnd } from '@orthanc-tools/sending-jobs';
import type { ForwardContext, OutgoingUnit } from './forward-units.ts';
import { noteNewcomers } from './note-newcomers.ts';
import type { Outgoing } from './open-route.ts';
import {
  type InstanceMemory,
  type Learnt,
  memoryOf,
  readMemory,
  rememberInstances,
  rememberJobs,
} from './unit-memory.ts';
import { tellStep } from './unit-steps.ts';
import { nameWhatIsListed } from './name-what-is-listed.ts';
import { type Naming, namingOf } from './name-wholes.ts';

/** Sends together what consists of these parts of units; what is durable before and after tells a later process of it. */
export async function ship(
  shipment: readonly Outgoing[],
  { parts, newSeries }: { readonly parts: readonly OutgoingUnit[]; readonly newSeries: ReadonlySet<string> },
  context: ForwardContext,
): Promise<void> {
  const { ledger, log, route, signal, onSent } = context;
  const naming = route.namesWholes
    ? await nameWhatIsListed(namingOf(parts, newSeries, context.verify), context)
    : new Map<string, Naming>();
  const noteJob = (job: { readonly id?: string } | undefined) => {
    rememberJobs(
      ledger,
      parts.map(({ key, instances }) => [
        key,
        job && {
          ...job,
          instances: instances.map(({ id }) => id),
          series: naming.get(key)?.series.filter((id) => newSeries.has(id)),
        },
      ]),
    );
  };
  const onJob = (id: string) => {
    noteJob({ id });
    tellStep(log, 'follow the job', { job: id });
  };
  noteJob({});
  tellStep(log, 'send', { instances: shipment.length });
  const wholes = [...naming.values()];
  const carried = await route.send(shipment, {
    signal,
    wholes,
    onJob,
    onRefused: () => {
      noteJob(undefined);
    },
  });
  tellStep(log, 'note the sending');
  rememberInstances(
    ledger,
    parts.map((part) => withNews(part, { isSent: true }, context)),
  );
  if (carried !== undefined && hasMore(carried, shipment, wholes))
    for (const { key } of parts) await noteNewcomers(key, carried, context);
  noteJob(undefined);
  onSent(shipment);
}

/** A job tells what it was named, and each instance of that. */
function hasMore({ ids }: CarriedByJob, shipment: readonly Outgoing[], wholes: readonly Naming[]): boolean {
  const names = wholes.flatMap((whole) => whole.names);
  const known = new Set([...shipment.map(({ id }) => id), ...names]);
  return names.length > 0 && [...ids].some((id) => !known.has(id));
}

/**
 * What became of a job that was begun: an earlier process may have died, or lost an answer, while Orthanc was sending for
 * it. Orthanc remembers the last ten jobs that have ended, and many small ones end between two looks: what a forgotten one
 * has done the destination says.
 */
export async function concludeJob(
  { key, instances }: OutgoingUnit,
  context: Pick<ForwardContext, 'inbox' | 'ledger' | 'route' | 'signal'>,
): Promise<void> {
  const { job } = readMemory(context.ledger, key);
  if (job === undefined) return;
  const { route, signal } = context;
  const sent = new Set(job.instances);
  const known = job.id === undefined ? await route.findJobs(job.instances, signal) : [job.id];
  const ends = [];
  for (const id of known) ends.push(await route.resume(id, signal));
  // A job that was only found may be one of several: what it has done the destination has to say.
  const isSent = job.id !== undefined && ends.every(({ isSuccess }) => isSuccess);
  const hasSentNothing = job.id !== undefined && ends.every((end) => end.hasSentNothing);
  const isFailed = job.id !== undefined && ends.every(hasFailed);
  const concerned = { key, instances: instances.filter(({ id }) => sent.has(id)) };
  const news = isSent ? { isSent } : { isBegun: true as const, isFailed: isFailed || undefined };
  if (!hasSentNothing) rememberInstances(context.ledger, [withNews(concerned, news, context)]);
  for (const { carried } of ends) if (carried !== undefined) await noteNewcomers(key, carried, context);
  rememberJobs(context.ledger, [[key, undefined]]);
}

/** Of a job that Orthanc has forgotten nobody knows how it ended. */
const hasFailed = ({ isSuccess, carried }: SendingEnd): boolean => !isSuccess && carried !== undefined;

/** Only of those that are still what they were when they were looked at. */
function withNews(
  { key, instances }: OutgoingUnit,
  news: Partial<Pick<InstanceMemory, 'isSent' | 'isBegun' | 'isFailed'>>,
  { ledger }: Pick<ForwardContext, 'ledger'>,
): Learnt {
  const known = readMemory(ledger, key);
  const learnt = instances.flatMap((instance) => {
    const memory = memoryOf(instance, known);
    return memory === undefined ? [] : [[instance.id, { ...memory, ...news }] as const];
  });
  return [key, learnt];
}
