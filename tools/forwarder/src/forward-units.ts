import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { Logger } from '@orthanc-tools/telemetry';
import type { Verification } from './destination.ts';
import type { Judgement } from './judge-instance.ts';
import { look } from './look-at-remote.ts';
import type { Assurance } from './open-destination.ts';
import type { OpenRoute, Outgoing } from './open-route.ts';
import { planShipments } from './plan-shipments.ts';
import { sendInParts } from './send-in-parts.ts';
import { concludeJob, ship } from './ship.ts';
import { tellStep } from './unit-steps.ts';

/** A unit, and what the inbox holds of it that this destination wants. */
export interface OutgoingUnit {
  readonly key: string;
  readonly instances: readonly Outgoing[];
  /** Instances of each series that the inbox holds, by Orthanc identifier; where the destination wants whatever comes to them. */
  readonly seriesSizes?: ReadonlyMap<string, number> | undefined;
}

export interface ForwardContext {
  readonly inbox: Pick<Orthanc, 'resources' | 'findInstances' | 'system'>;
  readonly ledger: Pick<WorkLedger, 'remember' | 'remembered' | 'forget' | 'flush'>;
  readonly route: OpenRoute;
  /** `unprovable`: the remote is not asked, and nothing it was sent is proved. */
  readonly verify: Assurance;
  /** What is proved already counts as far as it is enough for this. */
  readonly ordered: Verification | undefined;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** The remote takes nothing at present: more than one try would be in vain. */
  isDoubted(): boolean;
  /** Told of what the remote has just accepted. */
  onSent(instances: readonly Outgoing[]): void;
  /** Told when the remote has taken something, also where the sending as a whole has failed. */
  onTaken(): void;
}

export interface Judged {
  readonly instance: Outgoing;
  readonly judgement: Judgement | Refused;
  /** The remote says that it holds nothing of its series. */
  readonly isOfNewSeries?: true;
}

/** It was sent by itself, and the remote has not taken it. */
export interface Refused {
  readonly is: 'refused';
  readonly failure: Failure;
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
  const { forgotten, refused } = await shipUnits(units, { outgoing, newSeries: newSeriesOf(first) }, context);
  tellStep(context.log, 'look after sending');
  const last = withRefusals(await look(units, context), refused);
  const isLeft = [...last.values()].flat().some(({ judgement }) => judgement.is === 'to send');
  if (hasNewProof(outgoing, last)) context.onTaken();
  if (forgotten !== undefined && isLeft) throw forgotten;
  return last;
}

/** Of which the remote held nothing before the sending. */
const newSeriesOf = (first: ReadonlyMap<string, Judged[]>): ReadonlySet<string> =>
  new Set(
    [...first.values()]
      .flat()
      .flatMap(({ instance, isOfNewSeries }) => (isOfNewSeries === true ? [instance.seriesId] : [])),
  );

/** Whether something is there that was not: Orthanc may have forgotten the job that brought it. */
function hasNewProof(outgoing: readonly Outgoing[], known: ReadonlyMap<string, Judged[]>): boolean {
  const ids = new Set(outgoing.map(({ id }) => id));
  return [...known.values()]
    .flat()
    .some(({ instance, judgement }) => judgement.is === 'proved' && ids.has(instance.id));
}

interface Shipped {
  /** Where Orthanc has forgotten a job: what that has done only the destination can say. */
  readonly forgotten: Failure | undefined;
  /** By Orthanc identifier. */
  readonly refused: ReadonlyMap<string, Failure>;
}

/** @throws why nothing got there, or what concerns more than some instances of one unit */
async function shipUnits(
  units: readonly OutgoingUnit[],
  {
    outgoing,
    newSeries,
  }: { readonly outgoing: readonly Outgoing[]; readonly newSeries: ReadonlySet<string> },
  context: ForwardContext,
): Promise<Shipped> {
  let forgotten: Failure | undefined;
  const { refused, failure } = await sendInParts(planShipments(context.route.route.mode, outgoing), {
    async send(shipment) {
      const parts = partsOf(shipment, units);
      const became = await failureOf(ship(shipment, { parts, newSeries }, context));
      if (became === undefined) return undefined;
      const isForgotten = became.code === 'JOB_LOST';
      if (!isForgotten && !(await mayBeOfSome(became, units, context))) throw became;
      for (const part of parts) await concludeJob(part, context);
      if (!isForgotten) return became;
      forgotten = became;
      return undefined;
    },
    async left(shipment) {
      const sights = [...(await look(partsOf(shipment, units), context)).values()].flat();
      const rest = sights.flatMap(({ instance, judgement }) =>
        judgement.is === 'to send' ? [instance] : [],
      );
      if (rest.length < shipment.length) context.onTaken();
      return rest;
    },
    isDoubted: () => context.isDoubted(),
  });
  if (failure !== undefined) throw failure;
  return { forgotten, refused: new Map([...refused].map(([{ id }, why]) => [id, why])) };
}

const failureOf = (work: Promise<void>): Promise<Failure | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => {
      const failure = asFailure(error);
      if (failure === undefined) throw error;
      return failure;
    },
  );

const partsOf = (shipment: readonly Outgoing[], units: readonly OutgoingUnit[]): OutgoingUnit[] => {
  const ids = new Set(shipment.map(({ id }) => id));
  return units
    .map((unit) => ({ ...unit, instances: unit.instances.filter(({ id }) => ids.has(id)) }))
    .filter(({ instances }) => instances.length > 0);
};

/**
 * What fails for several units says of none of them whether it was theirs: only one by itself is sent in parts. And where
 * nobody answers in time, or at all, it is no fault of what was sent.
 */
async function mayBeOfSome(
  { code, scope }: Failure,
  units: readonly OutgoingUnit[],
  { route, signal }: ForwardContext,
): Promise<boolean> {
  if (units.length > 1 || scope === 'run' || code.endsWith('_NO_ANSWER') || signal.aborted) return false;
  return route.probe(signal).then(
    () => true,
    () => false,
  );
}

const withRefusals = (
  known: ReadonlyMap<string, Judged[]>,
  refused: ReadonlyMap<string, Failure>,
): Map<string, Judged[]> =>
  new Map(
    [...known].map(([key, judged]) => [
      key,
      judged.map((one): Judged => {
        const failure = one.judgement.is === 'to send' ? refused.get(one.instance.id) : undefined;
        return failure === undefined ? one : { ...one, judgement: { is: 'refused', failure } };
      }),
    ]),
  );
