import type { Clock } from '@orthanc-tools/scheduling';
import type { Claim, LedgerView, WorkLedger } from '@orthanc-tools/work-ledger';
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
import { tellFailures } from './hooks/tell-failures.ts';
import { withoutRetired } from './routing.ts';
import { serveDestination } from './serve-destination.ts';
import { standBy } from './stand-by.ts';
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
  const deletion = startDeletion({ ...request, routings }, areServed);
  const serving = startServing({ ...request, routings, wakeDeletion: deletion.wake }, () => ended.gate);
  const wakeServing = () => {
    for (const loop of serving) loop.wake();
  };
  const gate = startLoop('gate', request, {
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
}

function startDeletion(request: StageRequest, areServed: () => boolean) {
  const { ledgers, clock, log, level } = request;
  const ledger = ledgers.deletion;
  const waits = deletionWaits(log);
  const ending = new AbortController();
  const signal = AbortSignal.any([request.signal, ending.signal]);
  /** A run that is to end does not wait for what is kept for days; for what is only tried again, it does. */
  const endWithoutLater = () => {
    const next = ledger.nextReadyAt();
    if (areServed() && next !== undefined && next > clock.now().getTime() + triedAgainWithinMs)
      ending.abort();
  };
  const loop = startLoop(
    'deletion',
    { ...request, signal },
    {
      ledger,
      batchSize: unitsAtOnce[level],
      perform: async (claims, hand) => {
        await deleteUnits(claims, hand, { ...request, waits });
        if (ledger.tally().inHand === 0) endWithoutLater();
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
  const onProved = (keys: readonly string[]) => {
    const now = clock.now().getTime();
    const due = { readyAt: now + request.keepMs(), mark: String(now) };
    request.ledgers.deletion.enqueue(keys.map((key) => ({ key, ...due })));
    request.wakeDeletion();
  };
  return destinations.map((destination) => {
    const { name, ledger } = destination;
    const serve = (claims: readonly Claim[], hand: Hand) =>
      serveDestination(claims, hand, { ...request, destination, standBy: turns, onProved });
    return startLoop(name, request, {
      ledger,
      onEvent: watch.of(name).onEvent,
      batchSize: unitsAtOnce[level],
      perform: (claims, hand) =>
        hooks === undefined
          ? serve(claims, hand)
          : tellFailures(claims, hand, { destination: name, hooks, work: (told) => serve(claims, told) }),
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

function startLoop(stage: string, request: ForwardRequest, settings: StageSettings): WorkLoop {
  const { clock, signal, schedule, ceiling, maxAttempts, health } = request;
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
    ...settings,
  });
}
