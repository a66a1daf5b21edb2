import type { WeighedStudy } from '../plan/weigh-plan.ts';
import { type Holdings, listHoldings } from './see-studies.ts';

/** Lists what studies hold one portion ahead: Orthanc has half of what is asked of it done while it deletes. */
export interface ListingAhead {
  /** What the studies of a portion hold; begins to list the next one. What failed ahead of time is asked anew. */
  listed(index: number): Promise<Holdings>;
}

export function listingAhead(
  portions: readonly (readonly WeighedStudy[])[],
  context: Parameters<typeof listHoldings>[1],
): ListingAhead {
  const list = (index: number) => listHoldings(portions[index] ?? [], context);
  let next: { readonly index: number; readonly listed: Promise<Holdings | undefined> } | undefined;
  return {
    async listed(index) {
      const early = next?.index === index ? await next.listed : undefined;
      next = undefined;
      const holdings = early ?? (await list(index));
      next = { index: index + 1, listed: list(index + 1).catch(nothing) };
      return holdings;
    },
  };
}

/** Whoever asks for it in time is told why. */
const nothing = (): undefined => undefined;
