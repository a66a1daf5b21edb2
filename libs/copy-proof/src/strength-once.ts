import type { Strength } from './witness.ts';

/** How long `none` is believed (ms): twice as long each time that it is said again, up to the longest. */
interface Belief {
  readonly firstMs: number;
  readonly longestMs: number;
  readonly now?: () => number;
}

/**
 * What a destination allows to be asked: found out once, whoever needs it, and by one question for all who need it at the
 * same time. That it answers is believed for good. That it does not is believed for a while only, as a refusal may be of
 * one moment, such as that in which it starts. What failed is asked again.
 */
export function strengthOnce(
  ask: (signal: AbortSignal) => Promise<Strength>,
  { firstMs, longestMs, now = () => performance.now() }: Belief,
): (signal: AbortSignal) => Promise<Strength> {
  let told: Promise<Strength> | undefined;
  let [believedMs, until] = [firstMs, Infinity];
  const askAnew = async (signal: AbortSignal): Promise<Strength> => {
    until = Infinity;
    try {
      const strength = await ask(signal);
      if (strength === 'none')
        [until, believedMs] = [now() + believedMs, Math.min(believedMs * 2, longestMs)];
      return strength;
    } catch (error) {
      told = undefined;
      throw error;
    }
  };
  return (signal) => {
    if (now() >= until) told = undefined;
    return (told ??= askAnew(signal));
  };
}
