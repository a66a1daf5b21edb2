import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';

const everyMs = 1000;

/** Shows how far the import is, once a second, until it is stopped. */
export function showProgress(
  { progress, metrics, clock }: RunContext,
  ledger: WorkLedger,
  isWalked: () => boolean,
): { stop(): void; readonly finished: Promise<void> } {
  const ending = new AbortController();
  const run = async () => {
    while (!ending.signal.aborted) {
      const tally = ledger.tally();
      const waiting = tally.waiting + tally.inHand;
      const since = tally.oldestWaitingAt ?? clock.now().getTime();
      metrics.setBacklog(waiting, Math.max(0, (clock.now().getTime() - since) / 1000));
      progress.update({
        doneItems: tally.done + tally.setAside,
        // Until the walk has ended nobody knows how many there are.
        ...(isWalked() ? { totalItems: tally.done + tally.setAside + waiting } : {}),
        doneParts: tally.parts,
        doneBytes: tally.bytes,
        setAside: tally.setAside,
      });
      await clock.sleep(everyMs, ending.signal);
    }
  };
  return { stop: () => ending.abort(), finished: run() };
}
