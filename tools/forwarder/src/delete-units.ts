import { deleteProved } from '@orthanc-tools/copy-proof';
import { type Failure, asFailure, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Logger } from '@orthanc-tools/telemetry';
import type { Claim, LedgerView, WorkLedger } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { answers } from './choose-way.ts';
import { lookAgainMs } from './conclude-unit.ts';
import type { DeletionWaits, Silence } from './deletion-waits.ts';
import { doubtShared } from './doubt-shared.ts';
import { decisionOn, forgetDeleted } from './feed-arrivals.ts';
import { listUnits } from './list-units.ts';
import type { OpenDestination } from './open-destination.ts';
import type { Outgoing } from './open-route.ts';
import { planDeletion } from './plan-deletion.ts';
import { type HeldUnits, proveAgain, provedAt } from './prove-again.ts';
import { type Routing, readRouting, wantedBy } from './routing.ts';
import type { TransferLog } from './transfer-log.ts';
import { provedIn, readMemory } from './unit-memory.ts';
import { type UnitStep, tellStep } from './unit-steps.ts';
import type { Memory } from './way-memory.ts';
import { type UnitLevel, unitOf } from './unit.ts';

export interface DeletionContext {
  readonly inbox: Orthanc;
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

/** Deletes from the inbox what is proved at every destination that wants it, and nothing else. */
export async function deleteUnits(
  claims: readonly Claim[],
  hand: Hand,
  context: DeletionContext,
): Promise<void> {
  const {
    pending = [],
    decided = [],
    'set aside': given = [],
  } = Object.groupBy(claims, ({ key }) => decisionOn(context.inboxLedger, key));
  if (pending.length > 0) context.log.debug('deletion.undecided', { units: pending.length });
  for (const claim of pending) waitFor({ failure: notDecided, askAgainInMs: askAgainMs }, claim, hand);
  // Once it is decided after all, its destinations ask for the deletion again.
  for (const claim of given) hand.settle(claim, { outcome: 'undecided', proof: '', parts: 0, bytes: 0 });
  // The failure of a destination is heard where it is asked; any other is one of the inbox, and concerns all units.
  if (decided.length > 0) await deleteTogether(decided, { ...context, hand });
}

/** So long is waited before a destination is asked once more about a unit of which it has said nothing (ms). */
const askAgainMs = 5000;

const notDecided = transientFailure('NOT_DECIDED', 'It is still to be decided who is to have it.');

/** What is away must hold up only what it has to be asked about, for as long as it takes. */
function waitFor({ failure, askAgainInMs }: Silence, claim: Claim, hand: Hand): void {
  const { code, message, facts } = failure;
  const waiting = transientFailure(code, message, { facts, retryAfterMs: askAgainInMs });
  hand.reschedule(claim, waiting, { hasProgressed: true });
}

/** Of a unit about which a destination that answers cannot be asked: somebody has to hear of it at last. */
function tryAgain(
  { code, message, facts }: Failure,
  claim: Claim,
  { hand, isFollowing }: UnitsContext,
): void {
  const retryAfterMs = isFollowing ? lookAgainMs(claim.attempt, isFollowing) : undefined;
  hand.reschedule(claim, transientFailure(code, message, { facts, retryAfterMs }));
}

type UnitsContext = DeletionContext & { readonly hand: Hand };

/** A unit that was claimed, and what is recorded of it. */
interface Recorded {
  readonly claim: Claim;
  readonly wanted: Routing;
  /** What was proved before the deletion began, by the way that it took. */
  readonly proved: ReadonlyMap<Memory, readonly string[]>;
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
    confirm: (instances) => confirm(instances, { ...context, units, postponed }),
    signal: hand.signal,
  });
  forgetDeleted(context.inboxLedger, deletion.deleted);
  const stillThere = new Set(deletion.kept.filter(({ why }) => why === 'still there').map(({ id }) => id));
  for (const [key, unit] of units) {
    const left = of(deletion.left, key);
    const isDeleted = !left.some(({ id }) => stillThere.has(id));
    const unasked = postponed.get(key);
    answerFor(unit, { deleted: of(deletion.deleted, key), left, isDeleted, unasked }, context);
  }
}

/** What the inbox is listed for: for the first time, right before the deletion, after it. */
const stepAfter = (looked: number): UnitStep =>
  looked === 0 ? 'plan the deletion' : looked === 1 ? 'delete' : 'look whether it is gone';

const notDeleted = transientFailure('NOT_DELETED', 'The source still holds what it was told to delete.');

function planUnit(
  key: string,
  held: readonly Outgoing[],
  { wanted, destinations }: { readonly wanted: Routing } & Pick<DeletionContext, 'destinations'>,
): readonly Outgoing[] {
  const proved = new Map(destinations.map((one) => [one.name, provedAt(one, key, held)]));
  return planDeletion({ held, wanted, proved }).deletable;
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

interface Confirmation extends UnitsContext {
  readonly units: ReadonlyMap<string, Recorded>;
  /** Is told of the units about which a destination could not be asked, and why. */
  readonly postponed: Map<string, Silence>;
}

/** What every destination still says it has, right now; what one does not have any more is sent there again. */
async function confirm(
  instances: readonly Outgoing[],
  confirmation: Confirmation,
): Promise<ReadonlySet<string>> {
  const { inbox, destinations, units, level, log, hand } = confirmation;
  tellStep(log, 'confirm', { instances: instances.length });
  const confirmed = new Set(instances.map(({ id }) => id));
  for (const destination of destinations) {
    const asked = instances.filter((instance) => {
      const unit = units.get(unitOf(instance, level));
      const wanted = unit && wantedBy(unit.wanted, instance);
      return confirmed.has(instance.id) && wanted?.includes(destination.name);
    });
    for (const id of await unconfirmedAt(destination, asked, confirmation)) confirmed.delete(id);
    const left = asked.filter(({ id }) => confirmed.has(id));
    const doubted = await doubtShared(left, { inbox, level, destination, signal: hand.signal });
    for (const id of doubted) confirmed.delete(id);
  }
  return confirmed;
}

/** Asks about all of them at once; unit by unit where that fails, as long as the destination answers. */
async function unconfirmedAt(
  destination: OpenDestination,
  asked: readonly Outgoing[],
  confirmation: Confirmation,
): Promise<readonly string[]> {
  const units = Map.groupBy(asked, (instance) => unitOf(instance, confirmation.level));
  if (units.size === 0) return [];
  const together = await askAbout(units, destination, confirmation);
  if (!('failure' in together)) return [...together.missing];
  const unconfirmed: string[] = [];
  for (const [key, members] of units) {
    const answer =
      units.size === 1 ? together : await askAbout(new Map([[key, members]]), destination, confirmation);
    if ('failure' in answer) confirmation.postponed.set(key, answer);
    unconfirmed.push(...('failure' in answer ? members.map(({ id }) => id) : answer.missing));
  }
  return unconfirmed;
}

type Answer = Silence | { readonly missing: ReadonlySet<string> };

/** Not at all while the destination is known to be away. */
async function askAbout(
  units: HeldUnits,
  destination: OpenDestination,
  { destinations, waits, hand }: Confirmation,
): Promise<Answer> {
  const silence = waits.silenceOf(destination.name);
  if (silence !== undefined) return silence;
  try {
    const missing = await proveAgain(units, { destination, signal: hand.signal });
    waits.isOver(destination.name);
    return { missing };
  } catch (error) {
    const told = asFailure(error);
    if (told === undefined || (told.kind === 'configuration' && destinations.length === 1)) throw error;
    const failure = await ofDestination(told, destination, hand.signal);
    waits.note(destination.name, failure);
    return waits.silenceOf(destination.name) ?? { failure, askAgainInMs: askAgainMs };
  }
}

/** A destination that does not answer at all is away, whatever the question was. */
async function ofDestination(
  failure: Failure,
  { ways }: OpenDestination,
  signal: AbortSignal,
): Promise<Failure> {
  if (failure.scope === 'run') return failure;
  const areUp = await Promise.all(ways.map(({ route }) => answers(() => route.probe(signal))));
  if (areUp.every(Boolean)) return failure;
  const { code, message, facts } = failure;
  return transientFailure(code, message, { facts, cause: failure, scope: 'run' });
}

interface UnitDeletion {
  readonly deleted: readonly Outgoing[];
  readonly left: readonly Outgoing[];
  readonly isDeleted: boolean;
  /** Why a destination could not be asked. */
  readonly unasked: Silence | undefined;
}

function answerFor(
  { claim, wanted, proved }: Recorded,
  { deleted, left, isDeleted, unasked }: UnitDeletion,
  context: UnitsContext,
): void {
  const { hand, log, transfers } = context;
  const { key } = claim;
  tellStep(log, 'answer for the deletion', { unit: key });
  if (deleted.length > 0) {
    const names = [...new Set(deleted.flatMap((instance) => wantedBy(wanted, instance) ?? []))];
    transfers.deleted({ unit: key, deleted: deleted.length, kept: left.length, destinations: names });
  }
  // Nothing can be asked any more about what is gone, whether by this deletion or by one that did not live to say so.
  const isLeft = new Set(left.map(({ id }) => id));
  for (const [memory, ids] of proved)
    memory.forget(
      key,
      ids.filter((id) => !isLeft.has(id)),
    );
  if (!isDeleted) {
    hand.reschedule(claim, notDeleted);
    return;
  }
  if (unasked !== undefined) {
    if (unasked.failure.scope === 'run') waitFor(unasked, claim, hand);
    else tryAgain(unasked.failure, claim, context);
    return;
  }
  const isGone = deleted.length === 0 && left.length === 0;
  hand.settle(claim, {
    outcome: isGone ? 'vanished' : left.length === 0 ? 'deleted' : 'kept-in-part',
    proof: '',
    parts: deleted.length,
    bytes: deleted.reduce((sum, { size }) => sum + size, 0),
  });
}
