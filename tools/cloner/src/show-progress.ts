import { asFailure } from '@orthanc-tools/failures';
import type { CopyRequest } from './copy-everything.ts';

const everyMs = 1000;

/** Shows how far the copy is, once a second, until the request's work ends. */
export function showProgress(request: CopyRequest): { stop(): void; readonly finished: Promise<void> } {
  const { lanes, ledger, progress, metrics, clock } = request;
  const ending = new AbortController();
  const run = async () => {
    const held = await lanes.source.statistics().catch((error: unknown) => {
      if (asFailure(error) === undefined) throw error;
      return undefined;
    });
    while (!ending.signal.aborted) {
      const tally = ledger.tally();
      metrics.setBacklog(tally.waiting + tally.inHand, ageOf(tally.oldestWaitingAt, clock.now()));
      progress.update({
        doneItems: tally.done + tally.setAside,
        totalItems: Math.max(held?.studies ?? 0, tally.done + tally.setAside + tally.waiting + tally.inHand),
        doneParts: tally.parts,
        ...(held === undefined
          ? {}
          : {
              totalParts: Math.max(held.instances, tally.parts),
              totalBytes: Math.max(held.uncompressedSize, tally.bytes),
            }),
        doneBytes: tally.bytes,
        setAside: tally.exceptionParts,
      });
      await clock.sleep(everyMs, ending.signal);
    }
  };
  return { stop: () => ending.abort(), finished: run() };
}

const ageOf = (since: number | undefined, now: Date) =>
  since === undefined ? 0 : Math.max(0, (now.getTime() - since) / 1000);
