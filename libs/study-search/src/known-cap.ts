/** What is known of how much a remote tells at most in one answer, at one level: studies, series or images. */
export interface KnownCap {
  /** Whether an answer of so many may have been cut. */
  mayBeCut(count: number): boolean;
  /** That an answer of so many came: where the limit is not known, it lies no lower. */
  notice(count: number): void;
  /**
   * That an answer of so many was asked for again in parts, which together told so many different studies; unless these
   * are whole, they may be as many as before and still not all.
   */
  learn(count: number, inParts: number, areWhole: boolean): void;
}

// Nobody configures 137. What happens to be as many is asked for once more, in two parts.
const usualCaps = [
  50, 100, 150, 200, 250, 256, 300, 400, 500, 512, 600, 750, 800, 1000, 1024, 1500, 2000, 2048,
];
const largeStep = 500;

/**
 * A remote does not tell that it cuts its answers. Where its limit is not given, the usual limits are suspected, and a
 * suspicion becomes knowledge when the parts of an answer hold more than it did, or is dropped when they do not.
 * `suspected` beside the usual ones: what is declared for another level may hold for this one, and may not.
 */
export function knownCap(declared: number | undefined, suspected?: number): KnownCap {
  let cap = declared ?? Infinity;
  let longest = 0;
  const harmless = new Set<number>();
  const isUsual = (count: number) =>
    count === suspected || usualCaps.includes(count) || (count > 2000 && count % largeStep === 0);
  return {
    mayBeCut: (count) =>
      count >= cap ||
      (declared === undefined && !harmless.has(count) && count >= Math.max(1, longest) && isUsual(count)),
    notice: (count) => {
      longest = Math.max(longest, count);
    },
    learn: (count, inParts, areWhole) => {
      if (declared !== undefined) return;
      if (inParts > count) cap = Math.min(cap, count);
      else if (areWhole) harmless.add(count);
    },
  };
}
