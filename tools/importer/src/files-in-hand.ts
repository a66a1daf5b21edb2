import type { RunTotals } from './run-totals.ts';

/** One hand takes about so many bytes: enough that claiming and proving cost little, and it is soon done. */
const bytesInHand = 32 * 1024 * 1024;
const mostInHand = 64;
const leastInHand = 8;
/** Of what waits a hand takes such a part: the last files, too, are worked on by many hands, and not by one alone. */
const handsLeft = 16;

/** How many files one hand takes, by the size of those before and by how many wait. */
export function filesInHand(
  { storedInstances, storedBytes }: Pick<RunTotals, 'storedInstances' | 'storedBytes'>,
  waiting: number,
): number {
  const usual = storedInstances === 0 ? 2 * 1024 * 1024 : storedBytes / storedInstances;
  const bySize = Math.min(mostInHand, Math.max(1, Math.round(bytesInHand / usual)));
  return Math.min(bySize, Math.max(leastInHand, Math.ceil(waiting / handsLeft)));
}
