// Apart from what uses it, so that only a wrong name pays for loading the package.
import { closest, distance } from 'fastest-levenshtein';

/** The known name that was probably meant, if one is near enough. */
export function nearestName(wanted: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(wanted, known);
  return distance(wanted, nearest) <= Math.max(2, Math.floor(wanted.length / 3)) ? nearest : undefined;
}
