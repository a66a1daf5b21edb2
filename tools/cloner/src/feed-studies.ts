import { type Orthanc, isAccessRefused } from '@orthanc-tools/orthanc-client';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { type Patience, patiently } from '@orthanc-tools/tool-runtime';

export interface FeedContext extends Patience {
  readonly source: Orthanc;
  readonly ledger: WorkLedger;
  /** Tells the loop that there is something new. */
  wake(): void;
}

/** Cursors in the ledger: whether the list of studies was read to its end, and how far the change log was. */
const listing = 'studies';
const changeLog = 'changes';
const finished = 'done';
/** Read the list and reopen what it names. */
const anew = 'anew';

const changesPerPage = 4000;
const pollEveryMs = 1000;
/** What has just arrived is often followed by more of the same study: a short wait saves visits. */
const settleMs = 1500;

/**
 * Enters into the ledger every study that the source holds. The position of the change log is noted before the list is
 * read, so that nothing that arrives meanwhile falls between the two.
 */
export async function feedExisting(context: FeedContext): Promise<void> {
  const { source, ledger, signal } = context;
  const last = await source.changes.last(signal);
  const position = ledger.cursor(changeLog);
  if (position === undefined) ledger.setCursor(changeLog, String(last));
  else if (last < Number(position)) wentBack(context, Number(position), last);
  await feedList(context);
}

/**
 * Always from the beginning: a position in the list says nothing once something before it was deleted. What is known
 * already costs next to nothing.
 */
async function feedList({ source, ledger, signal, wake }: FeedContext): Promise<void> {
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

/** A change log that ends before our position was cleared or belongs to another database: everything is looked at anew. */
function wentBack({ ledger, log }: FeedContext, position: number, last: number): void {
  log.warn('source.change_log_went_back', { position, last, consequence: 'every study is proved again' });
  // In this order: dying in between, we find the position too high once more.
  beginAnew(ledger);
  ledger.setCursor(changeLog, String(last));
}

/** From here on the list of studies is read again, and every study in it is visited again. */
export function beginAnew(ledger: WorkLedger): void {
  ledger.setCursor(listing, anew);
}

/** Reads the change log from where it was left to its end, once. */
export async function feedChanges(context: FeedContext): Promise<void> {
  while (!context.signal.aborted && !(await feedOnePage(context)));
}

async function feedOnePage(context: FeedContext): Promise<boolean> {
  const { source, ledger, clock, signal, wake } = context;
  const since = Number(ledger.cursor(changeLog) ?? 0);
  const page = await source.changes.read({ since, limit: changesPerPage, types: ['NewInstance'], signal });
  if (page.last < since) {
    wentBack(context, since, page.last);
    await feedList(context);
    return false;
  }
  if (page.last !== since) {
    const studies = await source.studies.ofInstances(
      page.changes.map(({ id }) => id),
      signal,
    );
    const readyAt = clock.now().getTime() + settleMs;
    ledger.enqueue(
      studies.map((key) => ({ key, readyAt })),
      { name: changeLog, value: String(page.last) },
    );
    if (studies.length > 0) wake();
  }
  return page.isDone;
}

/** Follows the source until the signal; waits politely while the source is away. */
export async function follow(context: FeedContext): Promise<void> {
  const { clock, signal } = context;
  while (!signal.aborted) {
    await patiently(() => feedChanges(context), { ...context, bears: isAccessRefused });
    await clock.sleep(pollEveryMs, signal);
  }
}
