import type { ServerState } from '@orthanc-tools/telemetry';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { WorkLedger, WorkTally } from '@orthanc-tools/work-ledger';
import type { OpenDestination } from './open-destination.ts';

interface ProgressRequest extends Pick<RunContext, 'clock' | 'progress' | 'metrics' | 'signal'> {
  readonly inboxLedger: WorkLedger;
  readonly deletionLedger: WorkLedger;
  readonly destinations: readonly OpenDestination[];
  stateOf(name: string): ServerState;
  /** What a person should know beside the numbers; empty when all is well. */
  readonly notes: readonly (() => string)[];
}

const everyMs = 1000;

/** Shows once a second what was forwarded and what waits, until it is stopped. */
export function showProgress(request: ProgressRequest): { stop(): void } {
  const ending = new AbortController();
  const run = async () => {
    while (!ending.signal.aborted) {
      show(request);
      await request.clock.sleep(everyMs, ending.signal);
    }
  };
  // A ledger that cannot be read ends the run through the loops, which read it too.
  void run().catch(() => undefined);
  return { stop: () => ending.abort() };
}

const sum = (tallies: readonly WorkTally[], count: (tally: WorkTally) => number): number =>
  tallies.reduce((total, tally) => total + count(tally), 0);

function show(request: ProgressRequest): void {
  const gate = request.inboxLedger.tally();
  const there = request.destinations.map(({ ledger }) => ledger.tally());
  const waiting = sum([gate, ...there], (tally) => tally.waiting + tally.inHand);
  tellMetrics(request, { gate, there, waiting });
  const note = request.notes
    .map((tell) => tell())
    .filter((text) => text !== '')
    .join(', ');
  const done = sum(there, (tally) => tally.done + tally.setAside);
  request.progress.update({
    doneItems: done,
    totalItems: done + waiting,
    doneParts: sum(there, (tally) => tally.parts),
    doneBytes: sum(there, (tally) => tally.bytes),
    setAside: sum([gate, ...there], (tally) => tally.setAside),
    ...(note !== '' && { note }),
  });
}

interface Tallies {
  readonly gate: WorkTally;
  /** In the order of the destinations. */
  readonly there: readonly WorkTally[];
  readonly waiting: number;
}

function tellMetrics(request: ProgressRequest, { gate, there, waiting }: Tallies): void {
  const { clock, metrics, destinations } = request;
  const oldest = Math.min(...[gate, ...there].map(({ oldestWaitingAt: at }) => at ?? Infinity));
  metrics.setBacklog(waiting, oldest < Infinity ? Math.max(0, (clock.now().getTime() - oldest) / 1000) : 0);
  for (const [index, { name }] of destinations.entries()) {
    const { waiting: units = 0, inHand = 0 } = there[index] ?? {};
    metrics.setServer(name, { state: request.stateOf(name), backlog: units + inHand });
  }
}
