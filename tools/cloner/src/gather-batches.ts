import type { MultipartPart } from '@orthanc-tools/orthanc-client';
import type { Budget } from '@orthanc-tools/work-loop';

export interface Batch {
  readonly parts: readonly MultipartPart[];
  readonly bytes: number;
}

export interface BatchLimits {
  readonly bytes: number;
  readonly parts: number;
  readonly budget: Budget;
}

/**
 * Gathers parts into batches. Whoever takes a batch must give its bytes back to the budget when it is stored.
 * `admit` is to be awaited with a part's length before the part is read. A batch is let go early when the next part
 * must wait for memory: nobody waits for memory while holding a batch that is not on its way, so all get through.
 */
export function gatherBatches(limits: BatchLimits, ship: (batch: Batch) => Promise<void>) {
  let parts: MultipartPart[] = [];
  let bytes = 0;
  const flush = async () => {
    if (parts.length === 0) return;
    const batch = { parts, bytes };
    parts = [];
    bytes = 0;
    await ship(batch);
  };
  return {
    async admit(length: number): Promise<void> {
      const isFull = parts.length >= limits.parts || bytes + length > limits.bytes;
      if (isFull || limits.budget.isShort(length)) await flush();
      await limits.budget.take(length);
    },
    add(part: MultipartPart): void {
      parts.push(part);
      bytes += part.length;
    },
    flush,
    /** Gives back what was gathered and will not be shipped, together with `admitted` bytes that never came. */
    abandon(admitted = 0): void {
      limits.budget.give(bytes + admitted);
      parts = [];
      bytes = 0;
    },
  };
}
