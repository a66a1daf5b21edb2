import { mapLimit } from 'async';

/** So many small questions are asked of Orthanc at a time. */
const atOnce = 8;

/** Asks the same of several, some at a time; the answers in the order of what they are about. */
export function sideBySide<One, Answer>(
  all: readonly One[],
  ask: (one: One) => Promise<Answer>,
): Promise<Answer[]> {
  // Only of a function that says so itself does `async` know that it gives a promise.
  return mapLimit<One, Answer>([...all], atOnce, async (one: One) => await ask(one));
}
