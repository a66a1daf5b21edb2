import type { ForwardContext, OutgoingUnit } from './forward-units.ts';
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
import { grownUnits, seriesToName } from './whole-series.ts';

/** Sends together what consists of these parts of units; what is durable before and after tells a later process of it. */
export async function ship(
  shipment: readonly Outgoing[],
  { parts, newSeries }: { readonly parts: readonly OutgoingUnit[]; readonly newSeries: ReadonlySet<string> },
  context: ForwardContext,
): Promise<void> {
  const { ledger, log, route, signal, onSent } = context;
  const named = await seriesToName(parts, newSeries, context);
  const noteJob = (job: { readonly id?: string } | undefined) => {
    rememberJobs(
      ledger,
      parts.map(({ key, instances }) => [
        key,
        job && { ...job, instances: instances.map(({ id }) => id), series: named.get(key) },
      ]),
    );
  };
  const onJob = (id: string) => {
    noteJob({ id });
    tellStep(log, 'follow the job', { job: id });
  };
  noteJob({});
  tellStep(log, 'send', { instances: shipment.length });
  await route.send(shipment, {
    signal,
    wholeSeries: new Set([...named.values()].flat()),
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
  for (const { key } of await grownUnits(parts, named, context)) await noteNewcomers(key, context);
  noteJob(undefined);
  onSent(shipment);
}

/**
 * What has come to a series between its listing and the end of a job that named it may have travelled with it. Where that
 * has to be known, the remote held nothing of the series before: what it tells of these it has got from here.
 */
async function noteNewcomers(
  key: string,
  { inbox, ledger, verify, signal }: Pick<ForwardContext, 'inbox' | 'ledger' | 'verify' | 'signal'>,
): Promise<void> {
  const { instances, job } = readMemory(ledger, key);
  if (verify !== 'image' || job?.series === undefined) return;
  for (const seriesId of job.series) {
    const found = await inbox.findInstances({ seriesId, signal });
    const newcomers = found.filter(({ id }) => !instances.has(id));
    const memory = { before: 'absent', isSent: false, isBegun: true } as const;
    rememberInstances(ledger, [
      [key, newcomers.map(({ id, md5, size }) => [id, { ...memory, md5, size }] as const)],
    ]);
  }
}

/**
 * What became of a job that was begun: an earlier process may have died, or lost an answer, while Orthanc was sending for
 * it. Orthanc remembers the last ten jobs that have ended, and many small ones end between two looks: what a forgotten one
 * has done the destination says.
 */
export async function concludeJob(
  { key, instances }: OutgoingUnit,
  context: Pick<ForwardContext, 'inbox' | 'ledger' | 'route' | 'verify' | 'signal'>,
): Promise<void> {
  const { job } = readMemory(context.ledger, key);
  if (job === undefined) return;
  const { route, signal } = context;
  const sent = new Set(job.instances);
  const known =
    job.id === undefined ? await route.findJobs(job.instances, signal) : [job.id];
  const ends = [];
  for (const id of known) ends.push(await route.resume(id, signal));
  // A job that was only found may be one of several: what it has done the destination has to say.
  const isSent = job.id !== undefined && ends.every(Boolean);
  const concerned = { key, instances: instances.filter(({ id }) => sent.has(id)) };
  rememberInstances(context.ledger, [withNews(concerned, isSent ? { isSent } : { isBegun: true }, context)]);
  await noteNewcomers(key, context);
  rememberJobs(context.ledger, [[key, undefined]]);
}

/** Only of those that are still what they were when they were looked at. */
function withNews(
  { key, instances }: OutgoingUnit,
  news: Partial<Pick<InstanceMemory, 'isSent' | 'isBegun'>>,
  { ledger }: Pick<ForwardContext, 'ledger'>,
): Learnt {
  const known = readMemory(ledger, key);
  const learnt = instances.flatMap((instance) => {
    const memory = memoryOf(instance, known);
    return memory === undefined ? [] : [[instance.id, { ...memory, ...news }] as const];
  });
  return [key, learnt];
}
