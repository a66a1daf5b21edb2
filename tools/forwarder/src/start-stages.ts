import type { Clock } from '@orthanc-tools/scheduling';
import type { Claim, LedgerView, WorkLedger, WorkTally } from '@orthanc-tools/work-ledger';
import { type Hand, type WorkLoop, triedAgainWithinMs } from '@orthanc-tools/work-loop';
import { type AdmitContext, admitUnits } from './admit-units.ts';
import { awaitCompany } from './await-company.ts';
import { countWithdrawals } from './count-withdrawals.ts';
import { deleteUnits } from './delete-units.ts';
import { deletionWaits } from './deletion-waits.ts';
import type { SeriesFilter } from './destination.ts';
import type { ForwardRequest } from './forward-everything.ts';
import { withoutRetired } from './routing.ts';
import type { OpenDestination } from './open-destination.ts';
import { mostUnits } from './plan-companies.ts';
import { type ProvedUnit, serveDestination } from './serve-destination.ts';
import { standBy } from './stand-by.ts';
import { handsAtFirst, jobsAtOnce, startLoop } from './start-loop.ts';
import { unfinishedIn } from './unfinished-in.ts';
import type { UnitLevel } from './unit.ts';

/** Asked about together, before they are sent and when they are deleted. */
const unitsAtOnce: Readonly<Record<UnitLevel, number>> = { study: 16, series: 32, instance: 200 };

export interface Stages {
  readonly gate: WorkLoop;
  readonly all: readonly WorkLoop[];
  /** Nothing more will arrive. */
  endFeed(): void;
}

/** Each stage may end when the one before it has ended, and is woken by it. */
export function startStages(request: ForwardRequest): Stages {
  const ended = { feed: false, gate: false, destinations: 0 };
  const routings = withoutRetired(request.ledgers.inbox, request.retired);
  const areServed = () => ended.destinations === request.destinations.length;
  const serving: WorkLoop[] = [];
  const wakeServing = () => {
    for (const loop of serving) loop.wake();
  };
  const stage = { ...request, routings, wakeServing };
  const deletion = startDeletion(stage, areServed);
  const isAllBrought = () => ended.gate && isNothingDue(request);
  serving.push(...startServing({ ...stage, wakeDeletion: deletion.wake }, isAllBrought));
  const withdrawals = countWithdrawals(request.log);
  const gate = startGate({ ...stage, withdrawals }, () => ended.feed);
  request.hastening.listen(() => {
    wakeServing();
    deletion.wake();
  });
  afterwards(gate, () => {
    ended.gate = true;
    withdrawals.tell();
    wakeServing();
  });
  for (const loop of serving)
    afterwards(loop, () => {
      ended.destinations += 1;
      deletion.endWithoutLater();
      deletion.wake();
    });
  const endFeed = () => {
    ended.feed = true;
    gate.wake();
  };
  return { gate, all: [gate, ...serving, deletion.loop], endFeed };
}

/** That it failed, whoever awaits the loop itself hears. */
function afterwards({ finished }: WorkLoop, work: () => void): void {
  void finished.then(work, () => undefined);
}

interface StageRequest extends ForwardRequest {
  readonly routings: Pick<LedgerView, 'remembered'>;
  wakeServing(): void;
}

function startGate(
  request: StageRequest & Pick<AdmitContext, 'withdrawals'>,
  untilDone: () => boolean,
): WorkLoop {
  const { clock, withdrawals } = request;
  const ledger = request.ledgers.inbox;
  return startLoop({ stage: 'gate' }, request, {
    ledger,
    batchSize: unitsAtOnce[request.level],
    perform: async (claims, hand) => {
      await admitUnits(claims, hand, { ...request, ledger });
      // Once nothing is left that could be decided now.
      if (!withdrawals.isEmpty && !isReady(ledger, clock)) withdrawals.tell();
      request.wakeServing();
    },
    untilDone,
  });
}

/** What a destination has lost is found out right before the deletion, and is then sent there again. */
function isNothingDue({ destinations, ledgers, clock }: ForwardRequest): boolean {
  const isIdle = ({ waiting, inHand }: WorkTally) => waiting + inHand === 0;
  if (!destinations.every(({ ledger }) => isIdle(ledger.tally()))) return false;
  const next = ledgers.deletion.nextReadyAt();
  const isSoon = next !== undefined && next <= clock.now().getTime() + triedAgainWithinMs;
  return !isSoon && ledgers.deletion.tally().inHand === 0;
}

function startDeletion(request: StageRequest, areServed: () => boolean) {
  const { ledgers, clock, log, level } = request;
  const ledger = ledgers.deletion;
  const waits = deletionWaits(log, clock);
  const ending = new AbortController();
  const signal = AbortSignal.any([request.signal, ending.signal]);
  /** A run that is to end does not wait for what is kept for days; for what is only tried again, it does. */
  const endWithoutLater = () => {
    const next = ledger.nextReadyAt();
    if (areServed() && next !== undefined && next > clock.now().getTime() + triedAgainWithinMs)
      ending.abort();
  };
  const loop = startLoop(
    { stage: 'deletion' },
    { ...request, signal },
    {
      ledger,
      batchSize: unitsAtOnce[level],
      perform: async (claims, hand) => {
        await deleteUnits(claims, hand, { ...request, inboxLedger: ledgers.inbox, waits });
        if (ledger.tally().inHand === 0) endWithoutLater();
        request.wakeServing();
      },
      untilDone: areServed,
    },
  );
  return { loop, wake: loop.wake, endWithoutLater };
}

/** Nobody knows yet how large they are, but of instances; by DICOMweb a job costs half a second, also for a single study. */
const firstInHand = ({ mode }: OpenDestination, level: UnitLevel): number =>
  mode === 'dicom-web' || level === 'instance' ? mostUnits(mode) : 1;

/** Of jobs that run beside each other, none is to go on for long when nothing else is left. */
const fairShare = (ledger: Pick<LedgerView, 'tally'>): number => Math.ceil(unfinishedIn(ledger) / jobsAtOnce);

/** It restricts nothing. */
const isOpen = (filter: SeriesFilter): boolean =>
  Object.values(filter).every((wanted) => wanted === undefined);

interface ServingRequest extends StageRequest {
  wakeDeletion(): void;
}

/** One loop for each destination. */
function startServing(request: ServingRequest, untilDone: () => boolean): readonly WorkLoop[] {
  const { destinations, ledgers, watch, hooks, clock, level } = request;
  const turns = standBy(
    destinations.map(({ name, priority, ledger }) => ({
      priority,
      hasWork: () => watch.stateOf(name) !== 'down' && isReady(ledger, clock),
    })),
    clock,
  );
  const onProved = askingForDeletion(request);
  return destinations.map((destination) => {
    const { name, ledger } = destination;
    // As many as travel together: of more the last would wait for the first, while other hands have nothing to do.
    let perHand = firstInHand(destination, level);
    // By steps: one of a single image says little of what comes next.
    const onSized = (companions: number) => (perHand = Math.min(companions, 2 * perHand));
    const takesAll =
      hooks === undefined && destination.processing === undefined && isOpen(destination.filter);
    const context = {
      ...{ ...request, inboxLedger: ledgers.inbox, destination, takesAll },
      ...{ standBy: turns, onProved, onSized },
    };
    const serve = async (claims: readonly Claim[], hand: Hand) => {
      await serveDestination(claims, hand, context);
      request.wakeServing();
    };
    return startLoop({ stage: name, hooks }, request, {
      ledger,
      onEvent: watch.of(name).onEvent,
      // And no less than a part of it: each job costs something beside what it sends.
      batchSize: () => Math.min(perHand, Math.max(Math.ceil(perHand / 4), fairShare(ledger))),
      ...(destination.mode === 'dicom-web' && {
        // A third job begins half a second after the others have ended, however little is left for it.
        spreadOver: jobsAtOnce,
        holdsBackUntil: awaitCompany({
          isComing: () => ledgers.inbox.tally().inHand > 0,
          isEnough: () => ledger.tally().waiting >= handsAtFirst * perHand,
        }),
      }),
      perform: serve,
      untilDone,
    });
  });
}

function askingForDeletion(request: ServingRequest) {
  const { clock, ledgers } = request;
  return (units: readonly ProvedUnit[]): void => {
    const now = clock.now().getTime();
    const due = { readyAt: now + request.keepMs(), mark: String(now) };
    const items = (some: readonly ProvedUnit[]) => some.map(({ key }) => ({ key, ...due }));
    // What is kept for some days is kept from the last proof on; one that is only told again moves nothing that waits, and
    // asks anew for what was answered.
    ledgers.deletion.enqueueChanged(items(units.filter(({ isNew }) => isNew)));
    ledgers.deletion.enqueue(items(units));
    request.wakeDeletion();
  };
}

function isReady(ledger: WorkLedger, clock: Clock): boolean {
  const at = ledger.nextReadyAt();
  return ledger.tally().inHand > 0 || (at !== undefined && at <= clock.now().getTime());
}
