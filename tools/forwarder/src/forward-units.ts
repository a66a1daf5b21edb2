import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { Logger } from '@orthanc-tools/telemetry';
import type { Verification } from './destination.ts';
import { type Judgement, type There, judgeInstance } from './judge-instance.ts';
import type { Assurance } from './open-destination.ts';
import type { OpenRoute, Outgoing } from './open-route.ts';
import { planShipments } from './plan-shipments.ts';
import { suffices } from './proof-strength.ts';
import {
  type InstanceMemory,
  type Learnt,
  type UnitMemory,
  readMemory,
  rememberInstances,
  rememberJobs,
} from './unit-memory.ts';
import { tellStep } from './unit-steps.ts';

/** A unit, and what the inbox holds of it that this destination wants. */
export interface OutgoingUnit {
  readonly key: string;
  readonly instances: readonly Outgoing[];
}

export interface ForwardContext {
  readonly ledger: Pick<WorkLedger, 'remember' | 'remembered' | 'forget' | 'flush'>;
  readonly route: OpenRoute;
  /** `unprovable`: the remote is not asked, and nothing it was sent is proved. */
  readonly verify: Assurance;
  /** What is proved already counts as far as it is enough for this. */
  readonly ordered: Verification | undefined;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Told of what the remote has just accepted. */
  onSent(instances: readonly Outgoing[]): void;
}

export interface Judged {
  readonly instance: Outgoing;
  readonly judgement: Judgement;
}

/**
 * Brings units to one remote: looks what is there, notes it, sends what has to be sent, and looks again. What is noted
 * before each step is durable, so that a process that dies anywhere leaves enough behind to go on without sending twice
 * what can be asked for, and without taking for proved what was there before. Units given together travel together.
 * @returns what is known of each instance, by unit
 */
export async function forwardUnits(
  units: readonly OutgoingUnit[],
  context: ForwardContext,
): Promise<Map<string, Judged[]>> {
  for (const unit of units) await concludeJob(unit, context);
  tellStep(context.log, 'look before sending');
  const first = await look(units, context);
  const outgoing = [...first.values()]
    .flat()
    .flatMap(({ instance, judgement }) => (judgement.is === 'to send' ? [instance] : []));
  if (outgoing.length === 0) return first;
  let forgotten: Failure | undefined;
  for (const shipment of planShipments(context.route.route.mode, outgoing)) {
    const ids = new Set(shipment.map(({ id }) => id));
    const parts = units
      .map(({ key, instances }) => ({ key, instances: instances.filter(({ id }) => ids.has(id)) }))
      .filter(({ instances }) => instances.length > 0);
    forgotten = (await shipUnlessForgotten(shipment, parts, context)) ?? forgotten;
  }
  tellStep(context.log, 'look after sending');
  const last = await look(units, context);
  const isLeft = [...last.values()].flat().some(({ judgement }) => judgement.is === 'to send');
  if (forgotten !== undefined && isLeft) throw forgotten;
  return last;
}

/**
 * Orthanc remembers the last ten jobs that have ended, and many small ones end between two looks. What such a job has
 * done the destination says: it is no fault of what was sent.
 * @returns the failure, where Orthanc has forgotten the job
 */
async function shipUnlessForgotten(
  shipment: readonly Outgoing[],
  parts: readonly OutgoingUnit[],
  context: ForwardContext,
): Promise<Failure | undefined> {
  try {
    await ship(shipment, parts, context);
    return undefined;
  } catch (error) {
    const failure = asFailure(error);
    if (failure?.code !== 'JOB_LOST') throw error;
    for (const part of parts) await concludeJob(part, context);
    return failure;
  }
}

/** An earlier process may have died, or lost an answer, while Orthanc was sending for it. */
async function concludeJob({ key, instances }: OutgoingUnit, context: ForwardContext): Promise<void> {
  const { job } = readMemory(context.ledger, key);
  if (job === undefined) return;
  const { route, signal } = context;
  const sent = new Set(job.instances);
  const known = job.id === undefined ? await route.findJobs(job.instances, signal) : [job.id];
  const ends = [];
  for (const id of known) ends.push(await route.resume(id, signal));
  // A job that was only found may be one of several: what it has done the destination has to say.
  const isSent = job.id !== undefined && ends.every(Boolean);
  const concerned = { key, instances: instances.filter(({ id }) => sent.has(id)) };
  rememberInstances(context.ledger, [withNews(concerned, isSent ? { isSent } : { isBegun: true }, context)]);
  rememberJobs(context.ledger, [[key, undefined]]);
}

/** Asks the remote about all that was not proved yet, in one go, and notes what is proved now. */
async function look(
  units: readonly OutgoingUnit[],
  { ledger, route, verify, ordered, signal }: ForwardContext,
): Promise<Map<string, Judged[]>> {
  const known = new Map(units.map(({ key }) => [key, readMemory(ledger, key)]));
  const recall = (instance: Outgoing, key: string) => asOrdered(memoryOf(instance, known.get(key)), ordered);
  const open = units.flatMap(({ key, instances }) =>
    instances.filter((instance) => recall(instance, key)?.proof === undefined),
  );
  const canAsk = verify !== 'none' && verify !== 'unprovable' && open.length > 0;
  const there: ReadonlyMap<string, There> = canAsk ? await route.ask(open, signal) : new Map();
  const looked = units.map(({ key, instances }) => ({
    key,
    sights: instances.map((instance) => lookAt(instance, { memory: recall(instance, key), there, verify })),
  }));
  rememberInstances(
    ledger,
    looked.map(({ key, sights }) => [
      key,
      sights.flatMap(({ learnt }) => (learnt === undefined ? [] : [learnt])),
    ]),
  );
  return new Map(looked.map(({ key, sights }) => [key, sights]));
}

interface Sight {
  readonly memory: InstanceMemory | undefined;
  readonly there: ReadonlyMap<string, There>;
  readonly verify: Assurance;
}

function lookAt(
  instance: Outgoing,
  { memory, there, verify }: Sight,
): Judged & { learnt?: readonly [string, InstanceMemory] } {
  if (memory?.proof !== undefined) return { instance, judgement: { is: 'proved', proof: memory.proof } };
  const found = there.get(instance.id) ?? { is: 'unknown' };
  // What was there before the sending is what was there at the last look before it.
  const known = isUntouched(memory) ? undefined : memory;
  const { id, md5, size, made } = instance;
  const judgement = judgeInstance(made ?? instance, found, known, verify === 'unprovable' ? 'image' : verify);
  const now = {
    ...{ before: found.is, isSent: false, md5, size },
    ...known,
    ...(made !== undefined && { made }),
  };
  if (judgement.is === 'proved')
    return { instance, judgement, learnt: [id, { ...now, proof: judgement.proof }] };
  return memory?.before === now.before ? { instance, judgement } : { instance, judgement, learnt: [id, now] };
}

/** Nothing was sent yet: whatever the destination has by now, it has not got it from here. */
const isUntouched = (memory: InstanceMemory | undefined): boolean =>
  memory?.isSent !== true && memory?.isBegun !== true;

/** Without a proof that is not enough any more. */
function asOrdered(
  memory: InstanceMemory | undefined,
  ordered: Verification | undefined,
): InstanceMemory | undefined {
  if (memory?.proof === undefined || suffices(memory.proof, ordered)) return memory;
  return { ...memory, proof: undefined };
}

/** What was remembered of other bytes under the same identifier, or otherwise changed, says nothing about these. */
function memoryOf(
  { id, md5, size, made }: Outgoing,
  known: UnitMemory | undefined,
): InstanceMemory | undefined {
  const memory = known?.instances.get(id);
  const isSame = memory?.md5 === md5 && memory?.size === size;
  return isSame && memory.made?.md5 === made?.md5 && memory.made?.id === made?.id ? memory : undefined;
}

async function ship(
  shipment: readonly Outgoing[],
  parts: readonly OutgoingUnit[],
  context: ForwardContext,
): Promise<void> {
  const { ledger, log, route, signal, onSent } = context;
  const noteJob = (job: { readonly id?: string } | undefined) => {
    rememberJobs(
      ledger,
      parts.map(({ key, instances }) => [key, job && { ...job, instances: instances.map(({ id }) => id) }]),
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
  noteJob(undefined);
  onSent(shipment);
}

/** Only of those that are still what they were when they were looked at. */
function withNews(
  { key, instances }: OutgoingUnit,
  news: Partial<Pick<InstanceMemory, 'isSent' | 'isBegun'>>,
  { ledger }: ForwardContext,
): Learnt {
  const known = readMemory(ledger, key);
  const learnt = instances.flatMap((instance) => {
    const memory = memoryOf(instance, known);
    return memory === undefined ? [] : [[instance.id, { ...memory, ...news }] as const];
  });
  return [key, learnt];
}
