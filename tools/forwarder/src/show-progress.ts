import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { OpenDestination } from './open-destination.ts';
import type { DestinationWatch } from './watch-destinations.ts';

interface ProgressRequest extends Pick<RunContext, 'clock' | 'progress' | 'metrics' | 'signal'> {
  readonly inboxLedger: WorkLedger;
  readonly deletionLedger: WorkLedger;
  readonly destinations: readonly OpenDestination[];
  readonly watch: DestinationWatch;
}

const everyMs = 1000;

/** Shows once a second what was forwarded and what waits, until it is stopped. */
export function showProgress(request: ProgressRequest): { stop(): void } {
  const { clock, progress, metrics, inboxLedger, destinations, watch } = request;
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
      metrics.setServer(name, { state: watch.stateOf(name), backlog: units + inHand });
    }
    const note = watch.note();
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
