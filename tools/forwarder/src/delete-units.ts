import { deleteProved } from '@orthanc-tools/copy-proof';
import type { Orthanc, Suspects } from '@orthanc-tools/orthanc-client';
import type { Logger } from '@orthanc-tools/telemetry';
import type { Claim, LedgerView, WorkLedger } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { answerForDeletion } from './answer-for-deletion.ts';
import { decidedAmong } from './await-decision.ts';
import { confirmDeletion } from './confirm-deletion.ts';
import type { DeletionWaits, Silence } from './deletion-waits.ts';
import { decisionOn, forgetDeleted } from './feed-arrivals.ts';
import { listUnits } from './list-units.ts';
import type { OpenDestination } from './open-destination.ts';
import type { Outgoing } from './open-route.ts';
import { planDeletion } from './plan-deletion.ts';
import { provedAt } from './prove-again.ts';
import { type Routing, readRouting } from './routing.ts';
import type { TransferLog } from './transfer-log.ts';
import { provedIn, readMemory } from './unit-memory.ts';
import { type UnitStep, tellStep } from './unit-steps.ts';
import type { Memory } from './way-memory.ts';
import { type UnitLevel, unitOf } from './unit.ts';

export interface DeletionContext {
  readonly inbox: Orthanc;
  readonly suspects: Suspects;
  readonly routings: Pick<LedgerView, 'remembered'>;
  /** It says what is still to be decided. */
  readonly inboxLedger: Pick<WorkLedger, 'cursor' | 'setCursor' | 'stateOf'>;
  readonly level: UnitLevel;
  readonly destinations: readonly OpenDestination[];
  readonly transfers: TransferLog;
  readonly waits: DeletionWaits;
  /** Goes on when nothing is left. */
  readonly isFollowing: boolean;
  readonly log: Logger;
}

export type UnitsContext = DeletionContext & { readonly hand: Hand };

/** A unit that was claimed, and what is recorded of it. */
export interface Recorded {
  readonly claim: Claim;
  readonly wanted: Routing;
  /** What was proved before the deletion began, by the way that it took. */
  readonly proved: ReadonlyMap<Memory, readonly string[]>;
}

/** Deletes from the inbox what is proved at every destination that wants it, and nothing else. */
export async function deleteUnits(
  claims: readonly Claim[],
  hand: Hand,
  context: DeletionContext,
): Promise<void> {
  const decided = decidedAmong(claims, hand, {
    event: 'deletion.undecided',
    log: context.log,
    decisionOn: (key) => decisionOn(context.inboxLedger, key),
  });
  // The failure of a destination is heard where it is asked; any other is one of the inbox, and concerns all units.
  if (decided.length > 0) await deleteTogether(decided, { ...context, hand });
}

async function deleteTogether(claims: readonly Claim[], context: UnitsContext): Promise<void> {
  const { inbox, level, log, destinations, hand } = context;
  const keys = claims.map(({ key }) => key);
  const units = new Map(claims.map((claim) => [claim.key, recordsOf(claim, context)]));
  const of = (instances: readonly Outgoing[], key: string) =>
    instances.filter((instance) => unitOf(instance, level) === key);
  const postponed = new Map<string, Silence>();
  let looked = 0;
  const deletion = await deleteProved(inbox, {
    list: async () => {
      tellStep(log, stepAfter(looked), { units: keys.length });
      looked += 1;
      const listed = await listUnits(inbox, { level, keys }, hand.signal);
      return [...listed.values()].flatMap(({ instances }) => instances);
    },
    choose: (held) =>
      [...units].flatMap(([key, { wanted }]) => planUnit(key, of(held, key), { wanted, destinations })),
    confirm: async (instances) => {
      const confirmed = await confirmDeletion(instances, { ...context, units, postponed });
      return stillDeletable(
        instances.filter(({ id }) => confirmed.has(id)),
        context,
      );
    },
    signal: hand.signal,
  });
  forgetDeleted(context.inboxLedger, deletion.deleted);
  const stillThere = new Set(deletion.kept.filter(({ why }) => why === 'still there').map(({ id }) => id));
  for (const [key, unit] of units) {
    const left = of(deletion.left, key);
    const isDeleted = !left.some(({ id }) => stillThere.has(id));
    const unasked = postponed.get(key);
    answerForDeletion(unit, { deleted: of(deletion.deleted, key), left, isDeleted, unasked }, context);
  }
}

/** What the inbox is listed for: for the first time, right before the deletion, after it. */
const stepAfter = (looked: number): UnitStep =>
  looked === 0 ? 'plan the deletion' : looked === 1 ? 'delete' : 'look whether it is gone';

function planUnit(
  key: string,
  held: readonly Outgoing[],
  { wanted, destinations }: { readonly wanted: Routing } & Pick<DeletionContext, 'destinations'>,
): readonly Outgoing[] {
  const proved = new Map(destinations.map((one) => [one.name, provedAt(one, key, held)]));
  return planDeletion({ held, wanted, proved }).deletable;
}

/** To confirm takes a while: meanwhile another destination may have come to want some of it, or be asked to. */
function stillDeletable(
  confirmed: readonly Outgoing[],
  { level, inboxLedger, routings, destinations }: DeletionContext,
): ReadonlySet<string> {
  const deletable = [...Map.groupBy(confirmed, (instance) => unitOf(instance, level))].flatMap(
    ([key, members]) =>
      decisionOn(inboxLedger, key) === 'decided'
        ? planUnit(key, members, { wanted: readRouting(routings, key), destinations })
        : [],
  );
  return new Set(deletable.map(({ id }) => id));
}

function recordsOf(claim: Claim, { routings, destinations }: DeletionContext): Recorded {
  const ways = destinations.flatMap((destination) => destination.ways);
  return {
    claim,
    wanted: readRouting(routings, claim.key),
    proved: new Map(
      ways.map(({ memory }) => [memory, [...provedIn(readMemory(memory, claim.key), 'none').keys()]]),
    ),
  };
}
