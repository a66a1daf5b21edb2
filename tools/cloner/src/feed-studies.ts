import type { Logger } from '@orthanc-tools/telemetry';
import type { Clock } from '@orthanc-tools/scheduling';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { patiently } from './patiently.ts';

export interface FeedContext {
  readonly source: Orthanc;
  readonly ledger: WorkLedger;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Tells the loop that there is something new. */
  wake(): void;
}

/** Cursors in the ledger: how far the list of studies and the change log were read. */
const listing = 'studies';
const changeLog = 'changes';
const finished = 'done';
/** Read the list from its beginning and reopen what it names. */
const fromScratch = 'anew 0';

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
  await noticeRewind(context);
  if (ledger.cursor(changeLog) === undefined)
    ledger.setCursor(changeLog, String(await source.changes.last()));
  const position = ledger.cursor(listing);
  if (position === finished) return;
  const isAnew = position?.startsWith('anew ') ?? false;
  const from = Number(position?.replace('anew ', '') ?? 0);
  for await (const page of source.studies.pages(from, signal)) {
    const next = isAnew ? `anew ${String(page.next)}` : String(page.next);
    const items = page.ids.map((key) => ({ key }));
    const cursor = { name: listing, value: page.isLast ? finished : next };
    if (isAnew) ledger.enqueue(items, cursor);
    else ledger.enqueueNew(items, cursor);
    context.wake();
    if (signal.aborted) return;
  }
}

/** A change log that ends before our position was cleared or belongs to another database: everything is looked at anew. */
async function noticeRewind({ source, ledger, log }: FeedContext): Promise<void> {
  const position = ledger.cursor(changeLog);
  if (position === undefined) return;
  const last = await source.changes.last();
  if (last >= Number(position)) return;
  log.warn('source.change_log_went_back', { position: Number(position), last });
  beginAnew(ledger);
  ledger.setCursor(changeLog, String(last));
}

/** From here on the list of studies is read again, and every study in it is visited again. */
export function beginAnew(ledger: WorkLedger): void {
  ledger.setCursor(listing, fromScratch);
}

/** Reads the change log from where it was left to its end, once. */
export async function feedChanges(context: FeedContext): Promise<void> {
  while (!context.signal.aborted && !(await feedOnePage(context)));
}

async function feedOnePage({ source, ledger, clock, signal, wake }: FeedContext): Promise<boolean> {
  const since = Number(ledger.cursor(changeLog) ?? 0);
  const page = await source.changes.read({ since, limit: changesPerPage, types: ['NewInstance'], signal });
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
    await patiently(() => feedChanges(context), context);
    await clock.sleep(pollEveryMs, signal);
  }
}
