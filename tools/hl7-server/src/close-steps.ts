import type { KnownStep, OrderBook } from './order-book.ts';
import type { WorklistChange } from './worklist-output.ts';

/** Closes steps whose worklists are to go; gives what that changes in the output. */
export const closeSteps = (
  book: Pick<OrderBook, 'put'>,
  steps: readonly KnownStep[],
  nowMs: number,
): WorklistChange[] =>
  steps.map((step) => {
    book.put({ ...step, state: 'closed', writtenAt: nowMs });
    return { name: step.name, worklist: undefined };
  });
