import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { Patience } from '@orthanc-tools/tool-runtime';
import type { BelongingsWork } from './belongings/belongings-work.ts';
import type { Gap } from './feed-changes.ts';

export interface FeedContext extends Patience {
  readonly source: Orthanc;
  readonly ledger: WorkLedger;
  /** What travels beside the images is followed too. */
  readonly belongings: BelongingsWork | undefined;
  /** Tells the loop that there is something new. */
  wake(): void;
  noteGap(gap: Gap): void;
}

/** Cursor in the ledger: whether the list of studies was read to its end. */
const listing = 'studies';
const finished = 'done';
/** Read the list and reopen what it names. */
const anew = 'anew';

/**
 * Enters every study of the source. Always from the beginning: a position in the list says nothing once something before
 * it was deleted. What is known already costs next to nothing.
 */
export async function feedList({ source, ledger, signal, wake }: FeedContext): Promise<void> {
  const position = ledger.cursor(listing);
  if (position === finished) return;
  const isAnew = position?.startsWith(anew) ?? false;
  for await (const page of source.studies.pages(0, signal)) {
    const items = page.ids.map((key) => ({ key }));
    const cursor = page.isLast ? { name: listing, value: finished } : undefined;
    if (isAnew) ledger.enqueue(items, cursor);
    else ledger.enqueueNew(items, cursor);
    wake();
    if (signal.aborted) return;
  }
}

/** The reading of the list was begun once. */
export const isListed = (ledger: WorkLedger): boolean => ledger.cursor(listing) !== undefined;

/** From here on the list of studies is read again, and every study in it is visited again. */
export function beginAnew(ledger: WorkLedger): void {
  ledger.setCursor(listing, anew);
}
