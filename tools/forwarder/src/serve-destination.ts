import { type Failure, asFailure } from '@orthanc-tools/failures';
import { type Orthanc, type Suspects, blame } from '@orthanc-tools/orthanc-client';
import type { Logger } from '@orthanc-tools/telemetry';
import type { Claim, LedgerView } from '@orthanc-tools/work-ledger';
import type { Hand, SoFar } from '@orthanc-tools/work-loop';
import { decidedAmong, decisionToServe } from './await-decision.ts';
import { bringUnits } from './bring-units.ts';
import { type KnownVia, concludeUnit, isDeletable } from './conclude-unit.ts';
import { doubtShared } from './doubt-shared.ts';
import type { OutgoingUnit } from './forward-units.ts';
import { listUnits } from './list-units.ts';
import { isLostAgain } from './losses.ts';
import type { OpenDestination } from './open-destination.ts';
import type { Outgoing } from './open-route.ts';
import { type Traveller, companionsOf, planHand } from './plan-companies.ts';
import { prepareUnits } from './processing/prepare-units.ts';
import { provedAt } from './prove-again.ts';
import { readRouting, wantedBy } from './routing.ts';
import type { StandBy } from './stand-by.ts';
import type { TransferLog } from './transfer-log.ts';
import { tellStep } from './unit-steps.ts';
import { unfinishedIn } from './unfinished-in.ts';
import type { UnitLevel } from './unit.ts';
import type { Assurances } from './watch-assurances.ts';
import { sizesOf } from './name-wholes.ts';

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
  /** It says what is still to be decided. */
  readonly inboxLedger: Pick<LedgerView, 'cursor' | 'stateOf' | 'remembered'>;
  readonly level: UnitLevel;
  readonly log: Logger;
  readonly destination: OpenDestination;
  /** It gets whatever comes to a study, as it is. */
  readonly takesAll: boolean;
  readonly transfers: TransferLog;
  readonly standBy: StandBy;
  readonly assurances: Assurances;
  /** Goes on when nothing is left. */
  readonly isFollowing: boolean;
  /** Told how many units of the size of these travel together. */
  onSized(companions: number): void;
  /** Others may have something to do. */
  wakeServing(): void;
  /** Called when units may have become deletable: everything known of them here is durable, and so is this on return. */
  onProved(units: readonly ProvedUnit[]): void;
}

/** Brings the units that were claimed to the destination, and answers for each by what is known of it there. */
export async function serveDestination(
  claimed: readonly Claim[],
  hand: Hand,
  context: ServeContext,
): Promise<void> {
  const { inbox, level, suspects, log } = context;
  const decisionOn = (key: string) => decisionToServe(context.inboxLedger, key);
  const decided = decidedAmong(claimed, hand, { event: 'sending.undecided', log, decisionOn });
  const claims = decided.filter((claim) => !isLostAgain(claim, hand, context.destination));
  const keys = claims.map(({ key }) => key);
  const listed = await listUnits(inbox, { level, keys }, hand.signal);
  const units = claims.flatMap((claim) => {
    const { key, attempt } = claim;
    const { instances = [], fault } = listed.get(key) ?? {};
    const seriesSizes = context.takesAll ? sizesOf(instances) : undefined;
    const wanted = wantedOf(key, instances, context);
    if (fault !== undefined) hand.reschedule(claim, fault);
    else if (wanted.length === 0 && instances.length > 0) hand.settle(claim, unwanted);
    else return [{ claim, key, attempt, instances: wanted, seriesSizes }];
    return [];
  });
  if (units.length === 0) return;
  await context.standBy.turn(Math.max(...claims.map(({ priority }) => priority)), hand.signal);
  const { companies, rest } = planHand(
    context.destination.mode,
    units,
    unfinishedIn(context.destination.ledger),
  );
  for (const { claim } of rest) hand.release(claim);
  tellSize(units, context);
  if (rest.length > 0) context.wakeServing();
  for (const company of companies) {
    // What cannot be changed as it is to be is answered for here, and goes nowhere.
    const ready = await prepareUnits(company, { ...context.destination, inbox, suspects, hand });
    if (ready.length > 0) await serveCompany(ready, hand, context);
  }
}

/** Another configuration does not let the destination have it any more. */
const unwanted = { outcome: 'unwanted', proof: '', parts: 0, bytes: 0 } as const;

/** What is gone, or goes alone because it has failed, says nothing of what comes next. */
function tellSize(units: readonly Traveller[], { destination, onSized }: ServeContext): void {
  const usual = units.filter(({ attempt, instances }) => attempt === 1 && instances.length > 0);
  if (usual.length > 0) onSized(companionsOf(destination.mode, usual));
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
  const { inbox, destination, log, assurances } = context;
  // Where nothing is to be brought, nothing is found out about the destination either.
  const known = company.some(({ instances }) => instances.length > 0)
    ? await destination.choice.through(
        (way) => bringUnits(company, { inbox, destination, way, log, hand, assurances }),
        {
          signal: hand.signal,
          unit: company.length === 1 ? company[0]?.key : undefined,
        },
      )
    : new Map<string, readonly KnownVia[]>();
  destination.onTheWay.remove([...known.values()].flat().flatMap(arrivedOf));
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

/** Whatever may still come is on its way. */
const arrivedOf = ({ judged }: KnownVia): Outgoing[] =>
  judged.flatMap(({ instance, judgement: { is } }) => (is === 'lost' || is === 'to send' ? [] : [instance]));

/** A series of which nobody has said yet who wants it waits for that: it has only just arrived. */
function wantedOf(key: string, instances: readonly Outgoing[], { routings, destination }: ServeContext) {
  const routing = readRouting(routings, key);
  return instances.filter((instance) => wantedBy(routing, instance)?.includes(destination.name));
}
