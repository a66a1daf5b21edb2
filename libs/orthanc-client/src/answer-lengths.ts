/** No Orthanc stops and is ready again in less, in ms: 280 were measured for the start of an empty one alone. */
const shortestRestart = 250;

/**
 * How long the answers of one server are. Orthanc cuts each answer of `/tools/find` at its `LimitFindInstances`, tells
 * this limit nowhere, and reads it when it starts: an answer that is shorter than another of the same process was not cut.
 */
export interface AnswerLengths {
  /**
   * Called when the request is sent; the result when its answer is there, and tells whether it is provably whole. It may
   * be asked again once a longer answer has come.
   */
  expectAnswer(): (length: number) => boolean;
  /**
   * Where no answer is known that another could be shorter than: asks for a long one, once for all who lack it just now,
   * so that it is there as soon as theirs. Otherwise undefined.
   */
  unlessKnown(askForMuch: () => Promise<void>): Promise<void> | undefined;
}

export function answerLengths(now: () => number = () => performance.now()): AnswerLengths {
  let longest = 0;
  let lastSent = -Infinity;
  let asking: Promise<void> | undefined;
  return {
    unlessKnown: (askForMuch) => {
      if (longest > 0 && now() - lastSent <= shortestRestart) return undefined;
      return (asking ??= askForMuch().finally(() => (asking = undefined)));
    },
    expectAnswer: () => {
      const sent = now();
      return (length) => {
        if (now() - Math.min(sent, lastSent) > shortestRestart) longest = 0;
        const isWhole = length < longest;
        longest = Math.max(longest, length);
        lastSent = Math.max(lastSent, sent);
        return isWhole;
      };
    },
  };
}
