import { suspecting } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import type { Claim, LedgerView, WorkLedger, WorkTally } from '@orthanc-tools/work-ledger';
import {
  type Hand,
  type LoopSettings,
  type WorkLoop,
  runWorkLoop,
  triedAgainWithinMs,
} from '@orthanc-tools/work-loop';
import { admitUnits } from './admit-units.ts';
import { deleteUnits } from './delete-units.ts';
import { deletionWaits } from './deletion-waits.ts';
import type { ForwardRequest } from './forward-everything.ts';
import type { Hooks } from './hooks/use-hooks.ts';
import { withoutRetired } from './routing.ts';
import { type ProvedUnit, serveDestination } from './serve-destination.ts';
import { standBy } from './stand-by.ts';
import { tellFailures } from './tell-failures.ts';
import type { UnitLevel } from './unit.ts';

/** Small ones are asked about and sent together (see `planCompanies`): alone, each would pay for a job of its own. */
const unitsAtOnce: Readonly<Record<UnitLevel, number>> = { study: 16, series: 32, instance: 200 };

/** Orthanc runs two jobs at a time, unless told otherwise: while they run, others are looked at and looked for. */
const handsAtFirst = 4;

export interface Stages {
  readonly gate: WorkLoop;
  readonly all: readonly WorkLoop[];
  /** Nothing more will arrive. */
  endFeed(): void;
}

/** Each stage may end when the one before it has ended, and is woken by it. */
export function startStages(request: ForwardRequest): Stages {
  const { ledgers } = request;
  const ended = { feed: false, gate: false, destinations: 0 };
  const routings = withoutRetired(ledgers.inbox, request.retired);
  const areServed = () => ended.destinations === request.destinations.length;
  const serving: WorkLoop[] = [];
  const wakeServing = () => {
    for (const loop of serving) loop.wake();
  };
  const stage = { ...request, routings, wakeServing };
  const deletion = startDeletion(stage, areServed);
  const isAllBrought = () => ended.gate && isNothingDue(request);
  serving.push(...startServing({ ...stage, wakeDeletion: deletion.wake }, isAllBrought));
  const gate = startLoop({ stage: 'gate' }, request, {
    ledger: ledgers.inbox,
    batchSize: unitsAtOnce[request.level],
    perform: async (claims, hand) => {
      await admitUnits(claims, hand, { ...request, ledger: ledgers.inbox });
      wakeServing();
    },
    untilDone: () => ended.feed,
  });
  void gate.finished.then(() => {
    ended.gate = true;
    wakeServing();
  }, ignore);
  for (const loop of serving)
    void loop.finished.then(() => {
      ended.destinations += 1;
      deletion.endWithoutLater();
      deletion.wake();
    }, ignore);
  const endFeed = () => {
    ended.feed = true;
    gate.wake();
  };
  return { gate, all: [gate, ...serving, deletion.loop], endFeed };
}

interface StageRequest extends ForwardRequest {
  readonly routings: Pick<LedgerView, 'remembered'>;
  wakeServing(): void;
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

/** One loop for each destination. */
function startServing(
  request: StageRequest & { wakeDeletion(): void },
  untilDone: () => boolean,
): readonly WorkLoop[] {
  const { destinations, watch, hooks, clock, level } = request;
  const turns = standBy(
    destinations.map(({ name, priority, ledger }) => ({
      priority,
      hasWork: () => watch.stateOf(name) !== 'down' && isReady(ledger, clock),
    })),
    clock,
  );
  const onProved = (units: readonly ProvedUnit[]) => {
    const now = clock.now().getTime();
    const due = { readyAt: now + request.keepMs(), mark: String(now) };
    const items = (some: readonly ProvedUnit[]) => some.map(({ key }) => ({ key, ...due }));
    // What is kept for some days is kept from the last proof on; one that is only told again moves nothing that waits, and
    // asks anew for what was answered.
    request.ledgers.deletion.enqueueChanged(items(units.filter(({ isNew }) => isNew)));
    request.ledgers.deletion.enqueue(items(units));
    request.wakeDeletion();
  };
  return destinations.map((destination) => {
    const { name, ledger } = destination;
    const serve = async (claims: readonly Claim[], hand: Hand) => {
      await serveDestination(claims, hand, { ...request, destination, standBy: turns, onProved });
      request.wakeServing();
    };
    return startLoop({ stage: name, hooks }, request, {
      ledger,
      onEvent: watch.of(name).onEvent,
      batchSize: unitsAtOnce[level],
      perform: serve,
      untilDone,
    });
  });
}

function isReady(ledger: WorkLedger, clock: Clock): boolean {
  const at = ledger.nextReadyAt();
  return ledger.tally().inHand > 0 || (at !== undefined && at <= clock.now().getTime());
}

/** Whoever awaits the loop itself hears of it. */
const ignore = (): undefined => undefined;

type StageSettings = Pick<LoopSettings, 'ledger' | 'batchSize' | 'perform' | 'untilDone'> &
  Partial<Pick<LoopSettings, 'onEvent'>>;

interface Stage {
  /** As log lines name it. */
  readonly stage: string;
  readonly hooks?: Hooks | undefined;
}

function startLoop(
  { stage, hooks }: Stage,
  request: ForwardRequest,
  { perform, ...settings }: StageSettings,
): WorkLoop {
  const { clock, signal, schedule, ceiling, maxAttempts, health, log, suspects } = request;
  return runWorkLoop({
    clock,
    signal,
    schedule,
    concurrency: { ceiling, start: Math.min(handsAtFirst, ceiling) },
    maxAttempts,
    onEvent: (event, facts) => {
      health.listeners.onEvent(event, { ...facts, stage });
    },
    onTurn: health.listeners.onTurn,
    perform: (claims, hand) => {
      const work = (watched: Hand) => suspecting(suspects, () => perform(claims, watched));
      return tellFailures(claims, hand, { stage, log, hooks, work });
    },
    ...settings,
  });
}
