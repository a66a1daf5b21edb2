import { type Failure, asFailure } from '@orthanc-tools/failures';
import { type Orthanc, type Suspects, blame } from '@orthanc-tools/orthanc-client';
import type { Logger } from '@orthanc-tools/telemetry';
import type { Claim, LedgerView } from '@orthanc-tools/work-ledger';
import type { Hand, SoFar } from '@orthanc-tools/work-loop';
import { type KnownVia, concludeUnit, isDeletable } from './conclude-unit.ts';
import { doubtShared } from './doubt-shared.ts';
import { type OutgoingUnit, forwardUnits } from './forward-units.ts';
import { listUnits } from './list-units.ts';
import { type OpenDestination, type OpenWay, assuranceOf } from './open-destination.ts';
import type { Outgoing } from './open-route.ts';
import { planCompanies } from './plan-companies.ts';
import { isProved } from './plan-deletion.ts';
import { prepareUnits } from './processing/prepare-units.ts';
import { provedAt } from './prove-again.ts';
import { readRouting, wantedBy } from './routing.ts';
import type { StandBy } from './stand-by.ts';
import type { TransferLog } from './transfer-log.ts';
import { provedIn, readMemory } from './unit-memory.ts';
import { tellStep } from './unit-steps.ts';
import type { UnitLevel } from './unit.ts';

export interface ProvedUnit {
  readonly key: string;
  /** Something of it was proved just now: from then on it is kept. */
  readonly isNew: boolean;
}

export interface ServeContext {
  readonly inbox: Orthanc;
  readonly suspects: Suspects;
  /** The inbox's: it says who wants what. */
  readonly routings: Pick<LedgerView, 'remembered'>;
  readonly level: UnitLevel;
  readonly log: Logger;
  readonly destination: OpenDestination;
  readonly transfers: TransferLog;
  readonly standBy: StandBy;
  /** Goes on when nothing is left. */
  readonly isFollowing: boolean;
  /** Called when units may have become deletable: everything known of them here is durable, and so is this on return. */
  onProved(units: readonly ProvedUnit[]): void;
}

/** Brings the units that were claimed to the destination, and answers for each by what is known of it there. */
export async function serveDestination(
  claims: readonly Claim[],
  hand: Hand,
  context: ServeContext,
): Promise<void> {
  const { inbox, level, suspects } = context;
  const keys = claims.map(({ key }) => key);
  const listed = await listUnits(inbox, { level, keys }, hand.signal);
  const units = claims.flatMap((claim) => {
    const { key, attempt } = claim;
    const { instances = [], fault } = listed.get(key) ?? {};
    if (fault === undefined) return [{ claim, key, attempt, instances: wantedOf(key, instances, context) }];
    hand.reschedule(claim, fault);
    return [];
  });
  await context.standBy.turn(Math.max(...claims.map(({ priority }) => priority)), hand.signal);
  for (const company of planCompanies(units)) {
    // What cannot be changed as it is to be is answered for here, and goes nowhere.
    const ready = await prepareUnits(company, { ...context.destination, inbox, suspects, hand });
    if (ready.length > 0) await serveCompany(ready, hand, context);
  }
}

/** A job that fails says of none of its units whether it was theirs: each is then tried alone, and fails for itself. */
async function serveCompany(company: Company, hand: Hand, context: ServeContext): Promise<void> {
  const since = performance.now();
  try {
    await serveTogether(company, hand, context);
  } catch (error) {
    if (hand.signal.aborted) throw error;
    const [only, ...others] = company;
    if (only !== undefined && others.length === 0) yieldInDoubt(only.claim, error, { ...context, hand });
    const failure = await blame(error, context.suspects, since);
    if (only !== undefined && others.length === 0)
      hand.reschedule(only.claim, failure, soFarOf(only, failure, context));
    else for (const unit of company) await serveCompany([unit], hand, context);
  }
}

/** Of what was proved just now, what one copy at the destination would prove beside something else. */
function doubtNew(
  known: readonly KnownVia[],
  context: ServeContext & { readonly hand: Hand },
): Promise<ReadonlySet<string>> {
  const fresh = known
    .filter(({ hasNewProof }) => hasNewProof)
    .flatMap(({ judged }) => judged)
    .filter(({ judgement }) => judgement.is === 'proved')
    .map(({ instance }) => instance);
  return doubtShared(fresh, { ...context, signal: context.hand.signal });
}

const withoutProof = (known: readonly KnownVia[], doubted: ReadonlySet<string>): readonly KnownVia[] =>
  doubted.size === 0
    ? known
    : known.map((way) => ({
        ...way,
        judged: way.judged.map((one) =>
          doubted.has(one.instance.id) ? { ...one, judgement: { is: 'held before' as const } } : one,
        ),
      }));

/** Where the destination takes nothing, what probes it next is another unit. The failure is still to be thrown. */
function yieldInDoubt(
  claim: Claim,
  error: unknown,
  { destination, hand }: Pick<ServeContext, 'destination'> & { readonly hand: Hand },
): void {
  const failure = asFailure(error);
  const yieldsForMs = destination.choice.yieldsForMs(claim.key);
  if (failure?.scope === 'run' && failure.kind !== 'configuration' && yieldsForMs !== undefined)
    hand.reschedule(claim, failure, { yieldsForMs });
}

/** What of it was proved before; the failure is about the rest. */
function soFarOf(
  { key, instances }: OutgoingUnit,
  { code, message }: Failure,
  { destination }: ServeContext,
): SoFar {
  const proved = provedAt(destination, key, instances);
  if (proved.size === 0) return {};
  const left = instances.filter(({ id }) => !proved.has(id));
  return {
    parts: proved.size,
    bytes: [...proved.values()].reduce((sum, { size }) => sum + size, 0),
    exceptions: left.map(({ id: part }) => ({ part, code, message })),
  };
}

type Company = readonly (OutgoingUnit & { readonly claim: Claim })[];

/** Units that share each question and each job. */
async function serveTogether(company: Company, hand: Hand, context: ServeContext): Promise<void> {
  const { destination, log } = context;
  // Where nothing is to be brought, nothing is found out about the destination either.
  const known = company.some(({ instances }) => instances.length > 0)
    ? await destination.choice.through((way) => bring(company, { destination, way, log, hand }), {
        signal: hand.signal,
        unit: company.length === 1 ? company[0]?.key : undefined,
      })
    : new Map<string, readonly KnownVia[]>();
  const doubted = await doubtNew([...known.values()].flat(), { ...context, hand });
  // What is doubted waits here again by now: it is looked at once more, and then set aside.
  const of = ({ key }: OutgoingUnit) => withoutProof(known.get(key) ?? [], doubted);
  const deletable = company
    .filter((unit) => isDeletable(of(unit)))
    .map((unit) => ({
      key: unit.key,
      isNew: of(unit).some(({ hasNewProof }) => hasNewProof),
    }));
  if (deletable.length > 0) {
    tellStep(log, 'ask for the deletion', { units: deletable.length });
    context.onProved(deletable);
  }
  for (const unit of company) concludeUnit(unit.claim, of(unit), { ...context, hand });
}

/** A series of which nobody has said yet who wants it waits for that: it has only just arrived. */
function wantedOf(key: string, instances: readonly Outgoing[], { routings, destination }: ServeContext) {
  const routing = readRouting(routings, key);
  return instances.filter((instance) => wantedBy(routing, instance)?.includes(destination.name));
}

interface Bringing {
  readonly destination: OpenDestination;
  readonly way: OpenWay;
  readonly log: Logger;
  readonly hand: Hand;
}

/**
 * Brings by one way what is not proved by the other: what that took while this one was down is at the destination.
 * @returns what is known of each instance, by unit and, within it, by the way it took
 */
async function bring(
  units: readonly OutgoingUnit[],
  { destination, way, log, hand }: Bringing,
): Promise<Map<string, readonly KnownVia[]>> {
  const { signal } = hand;
  const assurance = assuranceOf(destination.verify, await way.route.strength(signal));
  const elsewhere = new Map(units.map((unit) => [unit.key, provedElsewhere(unit, { destination, way })]));
  const left = units.map(({ key, instances }) => {
    const done = new Set(
      elsewhere
        .get(key)
        ?.flatMap(({ judged }) => judged)
        .map(({ instance }) => instance),
    );
    return { key, instances: instances.filter((instance) => !done.has(instance)) };
  });
  const sent = new Set<string>();
  const before = new Map(
    units.map(({ key }) => [key, provedIn(readMemory(way.memory, key), destination.verify)]),
  );
  const judged = await forwardUnits(
    left.filter(({ instances }) => instances.length > 0),
    {
      ledger: way.memory,
      route: way.route,
      verify: assurance,
      ordered: destination.verify,
      signal,
      log,
      isDoubted: () => destination.choice.yieldsForMs() !== undefined,
      onTaken: () => {
        destination.choice.noteTaken(way);
      },
      onSent: (instances) => {
        destination.choice.noteTaken(way);
        for (const { id } of instances) sent.add(id);
        const bytes = instances.reduce((sum, { size }) => sum + size, 0);
        hand.observe({ parts: instances.length, bytes });
      },
    },
  );
  const known = left.map(({ key }): [string, KnownVia[]] => {
    const here = judged.get(key) ?? [];
    const via = {
      via: way.route.route.target,
      isProvable: assurance !== 'unprovable',
      isFirst: way === destination.ways[0],
      isNews: here.some(({ instance }) => sent.has(instance.id)),
      hasNewProof: here.some(
        ({ instance, judgement }) => judgement.is === 'proved' && before.get(key)?.has(instance.id) !== true,
      ),
      judged: here,
    };
    return [key, [...(elsewhere.get(key) ?? []), ...(here.length > 0 ? [via] : [])]];
  });
  return new Map(known);
}

function provedElsewhere(
  { key, instances }: OutgoingUnit,
  { destination: { ways, verify }, way }: Pick<Bringing, 'destination' | 'way'>,
): KnownVia[] {
  return ways
    .filter((other) => other !== way)
    .map((other) => {
      const { route, memory } = other;
      const proved = provedIn(readMemory(memory, key), verify);
      const judged = instances.flatMap((instance) => {
        const proof = proved.get(instance.id);
        return proof !== undefined && isProved(instance, proof)
          ? [{ instance, judgement: { is: 'proved' as const, proof: proof.proof } }]
          : [];
      });
      const isFirst = other === ways[0];
      return {
        via: route.route.target,
        isProvable: true,
        isFirst,
        isNews: false,
        hasNewProof: false,
        judged,
      };
    })
    .filter(({ judged }) => judged.length > 0);
}
