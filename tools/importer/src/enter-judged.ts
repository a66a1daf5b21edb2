import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { asJudged, identified } from './await-verdict.ts';
import { pagesOfItems } from './ledger-pages.ts';

export const areSomeIdentified = (ledger: Pick<WorkLedger, 'tally'>): boolean =>
  (ledger.tally().byOutcome[identified] ?? 0) > 0;

/** Enters all that was read for whose it is, to be stored: once the patients were judged, or where nothing is refused. */
export function* enterJudged(ledger: WorkLedger): Generator<undefined> {
  if (!areSomeIdentified(ledger)) return;
  for (const page of pagesOfItems(ledger)) {
    const items = page.filter(({ state, outcome }) => state === 'done' && outcome === identified);
    ledger.enqueue(items.map(asJudged));
    yield undefined;
  }
}
