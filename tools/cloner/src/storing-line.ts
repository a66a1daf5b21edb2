import { type Failure, asFailure } from '@orthanc-tools/failures';
import { type MultipartPart, hasNoRoomForAll, refusalIn } from '@orthanc-tools/orthanc-client';
import { openBudget } from '@orthanc-tools/work-loop';
import type { Batch } from './gather-batches.ts';
import type { Lanes } from './lanes.ts';
import type { Tempo } from './tempo.ts';

/** Told of each stored request, in instances and bytes, and of each that a busy server refused. */
export type Tell = (stored: {
  readonly parts: number;
  readonly bytes: number;
  readonly overloaded?: boolean;
}) => void;

export interface LineUse {
  readonly tell: Tell;
  /** Breaks what is in flight. */
  readonly signal: AbortSignal;
}

/** Stores what is read for one study. */
export interface StudyLine {
  /** Waits until the line has room; the bytes of the batch go back to the budget when it is stored. */
  ship(batch: Batch): Promise<void>;
  fail(error: unknown): void;
  /** Something of scope `run` has failed: whatever is still to be done would fail too. */
  readonly isOver: boolean;
  /** When all is answered: the failure that counts most, if there is one. A failure of scope `run` is thrown. */
  finished(): Promise<Failure | undefined>;
}

/**
 * A few requests in flight, whichever studies they belong to: while the last of one study is being stored, the next
 * is read. Nothing is called stored here: what arrived is told by the destination afterwards. A request that fails does
 * not stop the others.
 */
export function openStoringLine(
  lanes: Lanes,
  { stores, atOnce }: Tempo,
): { forStudy(how: LineUse): StudyLine } {
  const { budget } = lanes;
  const slots = openBudget(atOnce);
  const inFlight = new Set<Promise<void>>();
  let fatal: { readonly error: unknown } | undefined;
  const throwFatal = () => {
    if (fatal !== undefined) throw fatal.error;
  };
  const giveBack = ({ bytes }: Batch) => {
    budget.give(bytes);
    slots.give(1);
    stores.give(1);
  };

  function forStudy({ tell, signal }: LineUse): StudyLine {
    const own: Promise<void>[] = [];
    let worst: Failure | undefined;
    const fail = (error: unknown) => {
      const failure = asFailure(error);
      if (failure?.code === 'ORTHANC_BUSY') tell({ parts: 0, bytes: 0, overloaded: true });
      if (failure === undefined || failure.scope === 'run') fatal ??= { error };
      else worst = worseOf(worst, failure);
    };
    const storing = { lanes, signal, tell, fail, isOver: () => fatal !== undefined };
    return {
      fail,
      get isOver() {
        return fatal !== undefined;
      },
      async ship(batch) {
        await slots.take(1);
        await stores.take(1);
        if (fatal !== undefined) giveBack(batch);
        throwFatal();
        const stored = storeParts(batch.parts, storing).finally(() => {
          giveBack(batch);
          inFlight.delete(stored);
        });
        inFlight.add(stored);
        own.push(stored);
      },
      async finished() {
        await Promise.all(own);
        // Who leaves now must leave nothing of the others in flight.
        if (fatal !== undefined) await Promise.all(inFlight);
        throwFatal();
        return worst;
      },
    };
  }
  return { forStudy };
}

/** What may pass by itself decides: the study is visited again, and what is permanent will show again then. */
function worseOf(known: Failure | undefined, failure: Failure | undefined): Failure | undefined {
  if (known === undefined || failure === undefined) return known ?? failure;
  return known.kind === 'permanent' && failure.kind !== 'permanent' ? failure : known;
}

interface Storing extends LineUse, Pick<StudyLine, 'fail'> {
  readonly lanes: Lanes;
  isOver(): boolean;
}

async function storeParts(parts: readonly MultipartPart[], storing: Storing): Promise<void> {
  const { lanes, signal, tell, fail } = storing;
  try {
    const refusal = await storeTogether(parts, lanes, signal);
    // Only after an answer: a request that failed may still be on its way with these very bytes.
    for (const part of parts) part.release?.();
    if (refusal !== undefined) fail(refusal);
    else tell({ parts: parts.length, bytes: parts.reduce((sum, { length }) => sum + length, 0) });
  } catch (error) {
    if (parts.length > 1 && hasNoRoomForAll(error)) await storeEach(parts, storing);
    else fail(error);
  }
}

/** Only by itself each shows whether it finds room. The request that failed may still have the bytes of all. */
async function storeEach(parts: readonly MultipartPart[], storing: Storing): Promise<void> {
  for (const { chunks, length } of parts)
    if (!storing.isOver()) await storeParts([{ chunks, length }], storing);
}

/** Why the destination would not have it, where its receipt says so already. */
async function storeTogether(
  parts: readonly MultipartPart[],
  { destination, destinationWeb }: Lanes,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) {
    const [receipt] = await destination.instances.store(only.chunks, signal);
    return receipt && refusalIn(receipt);
  }
  if (destinationWeb !== undefined) await destinationWeb.store(parts, signal);
  else await destination.instances.storeZip(parts, signal);
  return undefined;
}
