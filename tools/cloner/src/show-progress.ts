import { asFailure } from '@orthanc-tools/failures';
import type { Statistics } from '@orthanc-tools/orthanc-client';
import { type StandingDisplay, showStanding } from '@orthanc-tools/tool-runtime';
import type { CopyRequest } from './copy-everything.ts';

/** Shows how far the copy is, until the request's work ends. */
export function showProgress(request: CopyRequest): StandingDisplay {
  const { source, ledger, filter } = request;
  let held: Statistics | undefined;
  const asking = async () => {
    // Of some of them, nobody knows beforehand how many there are.
    if (filter !== undefined) return;
    held = await source.statistics().catch((error: unknown) => {
      if (asFailure(error) === undefined) throw error;
      return undefined;
    });
  };
  const display = showStanding(request, () => {
    const tally = ledger.tally();
    const known = tally.done + tally.setAside + tally.waiting + tally.inHand;
    return {
      doneItems: tally.done + tally.setAside,
      totalItems: Math.max(held?.studies ?? 0, known),
      doneParts: tally.parts,
      doneBytes: tally.bytes,
      ...(held === undefined
        ? {}
        : {
            totalParts: Math.max(held.instances, tally.parts),
            totalBytes: Math.max(held.uncompressedSize, tally.bytes),
          }),
      setAside: tally.exceptionParts,
      backlog: { items: tally.waiting + tally.inHand, oldestAt: tally.oldestWaitingAt },
    };
  });
  const finished = Promise.all([asking(), display.finished]).then(() => undefined);
  return { stop: () => display.stop(), finished };
}
