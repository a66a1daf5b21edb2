import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { LedgerView, WorkLedger } from '@orthanc-tools/work-ledger';
import type { WeeklySchedule } from '@orthanc-tools/scheduling';
import type { Patience } from '@orthanc-tools/tool-runtime';
import type { BelongingsWork } from './belongings/belongings-work.ts';
import type { StudyFilter } from './filters/study-filter.ts';
import type { Gap } from './feed-changes.ts';
import { recall } from './study-memory.ts';

export interface FeedContext extends Patience {
  readonly source: Orthanc;
  readonly ledger: WorkLedger;
  /** What travels beside the images is followed too. */
  readonly belongings: BelongingsWork | undefined;
  /** Undefined where all studies are wanted. */
  readonly filter: StudyFilter | undefined;
  /** Outside the running hours nothing is asked. */
  readonly schedule: WeeklySchedule;
  /** Tells the loop that there is something new. */
  wake(): void;
  noteGap(gap: Gap): void;
}

/** The same pages: where the running hours end in between, the next one is asked for when they begin again. */
export async function* withinHours<Page>(
  pages: AsyncIterable<Page>,
  { schedule, clock, signal }: Pick<FeedContext, 'schedule' | 'clock' | 'signal'>,
): AsyncGenerator<Page, void, undefined> {
  for await (const page of pages) {
    yield page;
    await schedule.untilOpen(clock, signal);
    if (signal.aborted) return;
  }
}

/** Cursor in the ledger: whether the list of studies was read to its end. */
const listing = 'studies';
const finished = 'done';
/** Read the list and reopen what it names. */
const anew = 'anew';
/** Read the list once more. */
const again = 'again';

/**
 * Enters every study of the source. Always from the beginning: a position in the list says nothing once something before
 * it was deleted. What is known already costs next to nothing.
 */
export async function feedList(context: FeedContext): Promise<void> {
  const { source, ledger, signal, wake } = context;
  if (ledger.cursor(listing) === finished) return;
  const isAnew = isToBeReadAnew(ledger);
  const read = { looked: 0, wanted: 0 };
  for await (const page of withinHours(source.studies.pages(0, signal), context)) {
    const items = (await wantedAmong(page.ids, context)).map((key) => ({ key }));
    read.looked += page.ids.length;
    read.wanted += items.length;
    const cursor = page.isLast ? { name: listing, value: finished } : undefined;
    if (isAnew) ledger.enqueue(items, cursor);
    else ledger.enqueueNew(items, cursor);
    wake();
    if (signal.aborted) return;
  }
  warnOfNothing(context, read);
}

/** A filter that lets nothing through may hold a slip of the pen, and its run looks as if all were done. */
function warnOfNothing(
  { filter, log }: FeedContext,
  { looked, wanted }: { looked: number; wanted: number },
): void {
  if (filter !== undefined && wanted === 0) log.warn('filter.without_studies', { looked });
}

/** Enters those that are wanted by now because of a label: Orthanc's change log tells nothing of labels. */
export async function feedLabelled(context: FeedContext): Promise<void> {
  const { filter, ledger, signal, wake } = context;
  if (filter === undefined) return;
  for await (const ids of withinHours(filter.labelled(signal), context)) {
    const wanted = (await wantedAmong(ids, context)).map((key) => ({ key }));
    const { added } = ledger.enqueueNew(wanted);
    const again = wanted.filter(({ key }) => recall(ledger, key, missed) !== undefined);
    ledger.enqueue(again);
    for (const { key } of again) ledger.forget(key, [missed]);
    if (added + again.length > 0) wake();
  }
}

/** Part in the memory of a study: something has arrived for it while it was not wanted. */
const missed = 'missed';

/** Of studies that are known: once they are wanted again, they are visited again. */
export function rememberMissed(
  told: readonly string[],
  wanted: readonly string[],
  { ledger }: Pick<FeedContext, 'ledger'>,
): void {
  const among = new Set(wanted);
  for (const key of told)
    if (!among.has(key) && ledger.stateOf(key) !== undefined)
      ledger.remember(key, [{ part: missed, note: 'while it was not wanted' }]);
}

/** Those of the studies that are to be copied. */
export const wantedAmong = async (
  ids: readonly string[],
  { filter, signal }: Pick<FeedContext, 'filter' | 'signal'>,
): Promise<readonly string[]> => (filter === undefined ? ids : filter.among(ids, signal));

/** From here on the list of studies is read again; those in it that are known already stay as they are. */
export function listOnce(ledger: WorkLedger): void {
  if (ledger.cursor(listing) === finished) ledger.setCursor(listing, again);
}

/** The reading of the list was begun once. */
export const isListed = (ledger: WorkLedger): boolean => ledger.cursor(listing) !== undefined;

/** Every study in the list will be visited again, also what is known. */
export const isToBeReadAnew = (ledger: Pick<LedgerView, 'cursor'>): boolean =>
  ledger.cursor(listing)?.startsWith(anew) ?? false;

/** From here on the list of studies is read again, and every study in it is visited again. */
export function beginAnew(ledger: WorkLedger): void {
  ledger.setCursor(listing, anew);
}

/** Cursor in the ledger: how often what was proved was no longer taken for granted. */
const passes = 'proofs';

/** The same, and no proof counts that was given before, except where it can be given again. */
export function proveAnew(ledger: WorkLedger): void {
  beginAnew(ledger);
  ledger.setCursor(passes, String(Number(provingPass(ledger)) + 1));
}

/** The time from one `proveAnew` to the next, by a name of its own. */
export const provingPass = (ledger: Pick<LedgerView, 'cursor'>): string => ledger.cursor(passes) ?? '0';
