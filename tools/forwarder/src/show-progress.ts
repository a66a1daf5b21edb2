import type { ServerState } from '@orthanc-tools/telemetry';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
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
  const { clock, progress, metrics, inboxLedger, destinations, stateOf, notes } = request;
  const ending = new AbortController();
  const show = () => {
    const tallies = [inboxLedger, ...destinations.map(({ ledger }) => ledger)].map((ledger) =>
      ledger.tally(),
    );
    const [, ...there] = tallies;
    const sum = (of: typeof tallies, count: (tally: (typeof tallies)[number]) => number) =>
      of.reduce((total, tally) => total + count(tally), 0);
    const waiting = sum(tallies, (tally) => tally.waiting + tally.inHand);
    const oldest = Math.min(...tallies.map(({ oldestWaitingAt: at }) => at ?? Infinity));
    metrics.setBacklog(waiting, oldest < Infinity ? Math.max(0, (clock.now().getTime() - oldest) / 1000) : 0);
    for (const [index, { name }] of destinations.entries()) {
      const { waiting: units = 0, inHand = 0 } = there[index] ?? {};
      metrics.setServer(name, { state: stateOf(name), backlog: units + inHand });
    }
    const note = notes
      .map((tell) => tell())
      .filter((text) => text !== '')
      .join(', ');
    const done = sum(there, (tally) => tally.done + tally.setAside);
    progress.update({
      doneItems: done,
      totalItems: done + waiting,
      doneParts: sum(there, (tally) => tally.parts),
      doneBytes: sum(there, (tally) => tally.bytes),
      setAside: sum(tallies, (tally) => tally.setAside),
      ...(note !== '' && { note }),
    });
  };
  const run = async () => {
    while (!ending.signal.aborted) {
      show();
      await clock.sleep(everyMs, ending.signal);
    }
  };
  // A ledger that cannot be read ends the run through the loops, which read it too.
  void run().catch(() => undefined);
  return { stop: () => ending.abort() };
}
