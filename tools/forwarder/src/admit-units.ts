import { transientFailure } from '@orthanc-tools/failures';
import { type Orthanc, type ResourceFacts, type Suspects, blame } from '@orthanc-tools/orthanc-client';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { Claim, WorkLedger } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { readArrivalFacts } from './arrival-facts.ts';
import type { Withdrawals } from './count-withdrawals.ts';
import type { SeriesFilter } from './destination.ts';
import { serialOf } from './follow-configuration.ts';
import { routeByHooks } from './hooks/route-by-hooks.ts';
import type { Hooks } from './hooks/use-hooks.ts';
import { judgeReadiness } from './judge-readiness.ts';
import { listUnits } from './list-units.ts';
import type { OpenDestination } from './open-destination.ts';
import type { Outgoing } from './open-route.ts';
import { type KnownSeries, readSeriesFacts } from './read-series-facts.ts';
import { type Routing, amongNames, readRouting, rememberRouting, routeSeries, wantedBy } from './routing.ts';
import { tellStep } from './unit-steps.ts';
import type { UnitLevel } from './unit.ts';
import { wantsSeries } from './wants-series.ts';

export interface AdmitContext extends Pick<RunContext, 'log' | 'clock'> {
  readonly inbox: Orthanc;
  readonly suspects: Suspects;
  readonly ledger: WorkLedger;
  readonly level: UnitLevel;
  readonly quietMs: number;
  readonly destinations: readonly OpenDestination[];
  /** What is sent first, whatever the priority of its destination. */
  readonly urgent: SeriesFilter | undefined;
  readonly hooks: Hooks | undefined;
  readonly withdrawals: Withdrawals;
}

/** Lets units go that are complete: decides who is to have them, and hands them over. */
export async function admitUnits(claims: readonly Claim[], hand: Hand, context: AdmitContext): Promise<void> {
  tellStep(context.log, 'admit', { units: claims.length });
  const complete = await completeAmong(claims, hand, context);
  const studies = await studiesOf(complete, hand, context);
  const series = await readSeriesFacts(context.inbox, studies, hand.signal);
  const admitted: Admitted[] = [];
  for (const { claim, seriesIds } of complete) {
    const facts = new Map([...series].filter(([id]) => seriesIds.includes(id)));
    const since = performance.now();
    try {
      const one = await decide(claim, facts, { ...context, hand });
      if (one !== undefined) admitted.push(one);
    } catch (error) {
      // A hook that fails, or an instance that is gone, says nothing of the others.
      const failure = await blame(error, context.suspects, since);
      const { key: unit, attempt } = claim;
      const { code, message } = failure;
      context.hooks?.tellError({ unit, destination: '', code, message, attempt });
      hand.reschedule(claim, failure);
    }
  }
  handOver(admitted, hand, context);
}

interface Complete {
  readonly claim: Claim;
  readonly seriesIds: readonly string[];
  /** Where the unit is one that was asked about already: to ask by identifiers is dear. */
  readonly study?: ResourceFacts;
}

async function studiesOf(
  complete: readonly Complete[],
  { signal }: Hand,
  { inbox, level }: AdmitContext,
): Promise<readonly ResourceFacts[]> {
  if (level === 'study') return complete.flatMap(({ study }) => study ?? []);
  const series = new Set(complete.flatMap(({ seriesIds }) => seriesIds));
  return series.size === 0 ? [] : inbox.resources.facts('Study', [...series], signal);
}

/** Answers itself for those that may not go. */
async function completeAmong(
  claims: readonly Claim[],
  hand: Hand,
  { inbox, level, quietMs, clock, ledger }: AdmitContext,
): Promise<Complete[]> {
  const { signal } = hand;
  const keys = claims.map(({ key }) => key);
  if (level === 'instance') {
    const listed = await listUnits(inbox, { level, keys }, signal);
    return claims.map((claim) => ({
      claim,
      seriesIds: (listed.get(claim.key)?.instances ?? []).map(({ seriesId }) => seriesId),
    }));
  }
  const arrivals = await readArrivalFacts(inbox, { level, keys, ledger, clock, signal });
  return claims.flatMap((claim): Complete[] => {
    const facts = arrivals.get(claim.key);
    if (facts === undefined) return [{ claim, seriesIds: [] }];
    const readiness = judgeReadiness(facts, { now: clock.now().getTime(), quietMs });
    const { resource } = facts;
    if (readiness.is === 'ready')
      return level === 'study'
        ? [{ claim, seriesIds: resource.childIds, study: resource }]
        : [{ claim, seriesIds: [resource.id] }];
    const waiting = transientFailure('STILL_ARRIVING', 'Something may still be arriving.', {
      retryAfterMs: readiness.againInMs,
    });
    hand.reschedule(claim, waiting, { hasProgressed: true });
    return [];
  });
}

const vanished = { outcome: 'vanished', proof: '', parts: 0, bytes: 0 } as const;

/** A unit of which it is noted who is to have it. */
interface Admitted extends ReturnType<typeof countIn> {
  /** By another configuration than that by which it was decided before. */
  readonly withdrawnFrom: readonly string[];
  readonly claim: Claim;
  readonly isUrgent: boolean;
}

/** Notes who is to have a unit; answers itself for one that is gone. */
async function decide(
  claim: Claim,
  facts: ReadonlyMap<string, KnownSeries>,
  context: AdmitContext & { readonly hand: Hand },
): Promise<Admitted | undefined> {
  const { inbox, ledger, level, destinations, hooks, urgent, hand } = context;
  if (facts.size === 0) {
    hand.settle(claim, vanished);
    return undefined;
  }
  const { key } = claim;
  const instances = await differingIn(key, facts, context);
  const route = routeSeries(facts, destinations);
  const chosen =
    hooks && (await routeByHooks(route, { instances, facts, hooks, inbox, signal: hand.signal }));
  const configuration = { serial: serialOf(ledger), destinations: destinations.map(({ name }) => name) };
  const { routing: decided, withdrawnFrom } = rememberRouting(ledger, key, {
    ...{ routing: chosen ?? route, instances, configuration },
  });
  // What only one was to have that is no destination any more goes nowhere.
  const routing = amongNames(decided, (name) => configuration.destinations.includes(name));
  const isUrgent = urgent !== undefined && [...facts.values()].some((series) => wantsSeries(urgent, series));
  return { claim, isUrgent, withdrawnFrom, ...countIn(routing, { instances, facts, level }) };
}

/** What was decided is durable first, then the queues of the destinations, then the answers: each waits for the disk once. */
function handOver(admitted: readonly Admitted[], hand: Hand, context: AdmitContext): void {
  const { ledger, destinations, log } = context;
  if (admitted.length === 0) return;
  ledger.flush();
  tellStep(log, 'hand over', { units: admitted.length });
  for (const destination of destinations)
    for (const isUrgent of [true, false]) {
      const keys = admitted
        .filter((one) => one.isUrgent === isUrgent && one.wanting.has(destination.name))
        .map(({ claim }) => claim.key);
      if (keys.length > 0) destination.take(keys, { isUrgent });
    }
  withdraw(admitted, context);
  tellStep(log, 'answer for admission', { units: admitted.length });
  for (const { claim, parts, unwanted, wanting } of admitted) {
    const { key: unit } = claim;
    if (unwanted > 0)
      log.warn('unit.unwanted', { unit, instances: unwanted, of: parts, consequence: 'kept' });
    const outcome = unwanted === 0 ? 'handed-over' : wanting.size === 0 ? 'unwanted' : 'handed-over-in-part';
    // How many bytes they are is told by who sends them.
    hand.settle(claim, { outcome, proof: '', parts, bytes: 0 });
  }
}

/** What was set aside at a destination, and is not to be there any more, waits for nobody: it looks once more, and finds that. */
function withdraw(admitted: readonly Admitted[], context: AdmitContext): void {
  const { destinations, withdrawals } = context;
  for (const { claim, withdrawnFrom } of admitted) {
    withdrawals.note(withdrawnFrom);
    for (const destination of destinations)
      if (withdrawnFrom.includes(destination.name) && destination.ledger.stateOf(claim.key) === 'set aside')
        destination.take([claim.key]);
  }
}

/** The instances of a unit, where one may be wanted by others than its series is; otherwise none need be listed. */
async function differingIn(
  key: string,
  facts: ReadonlyMap<string, KnownSeries>,
  { inbox, level, ledger, hooks, hand }: AdmitContext & { readonly hand: Hand },
): Promise<readonly Outgoing[]> {
  const mayDiffer = hooks !== undefined || [...readRouting(ledger, key).keys()].some((id) => !facts.has(id));
  if (!mayDiffer) return [];
  return (await listUnits(inbox, { level, keys: [key] }, hand.signal)).get(key)?.instances ?? [];
}

interface Counted {
  readonly instances: readonly Outgoing[];
  readonly facts: ReadonlyMap<string, KnownSeries>;
  readonly level: UnitLevel;
}

function countIn(routing: Routing, { instances, facts, level }: Counted) {
  const all =
    instances.length > 0
      ? instances.map((instance) => ({ count: 1, names: wantedBy(routing, instance) ?? [] }))
      : [...facts].map(([id, series]) => ({
          count: level === 'instance' ? 1 : series.instances,
          names: routing.get(id) ?? [],
        }));
  const sum = (some: typeof all) => some.reduce((total, { count }) => total + count, 0);
  return {
    parts: sum(all),
    unwanted: sum(all.filter(({ names }) => names.length === 0)),
    wanting: new Set(all.flatMap(({ names }) => names)),
  };
}
