export interface RoundTrip {
  /** The shortest so far, in ms; infinite before the first answer. */
  shortestMs(): number;
  /** Asks, unless the server was near before. Throws what `ask` throws. */
  measure(): Promise<number>;
}

export interface RoundTripSettings {
  /** Below this nobody needs to know more, in ms. */
  readonly nearMs: number;
  /** So many questions at most the first time, then one each time. */
  readonly firstQuestions: number;
  readonly nowMs?: () => number;
}

/**
 * How far away a server is: by the shortest of several answers to a question for which there is little to do. What takes
 * longer was held up, perhaps by ourselves; the first also opens a connection, and on a busy machine one alone says little.
 */
export function roundTrip(
  ask: () => Promise<unknown>,
  { nearMs, firstQuestions, nowMs = () => performance.now() }: RoundTripSettings,
): RoundTrip {
  let shortest = Infinity;
  let questions = firstQuestions;
  return {
    shortestMs: () => shortest,
    async measure() {
      const most = questions;
      questions = 1;
      for (let asked = 0; asked < most && shortest >= nearMs; asked += 1) {
        const began = nowMs();
        await ask();
        shortest = Math.min(shortest, nowMs() - began);
      }
      return shortest;
    },
  };
}
