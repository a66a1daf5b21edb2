import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { tellStep } from './unit-steps.ts';
import type { UnitLevel } from './unit.ts';

export interface FeedContext extends Pick<RunContext, 'clock' | 'log' | 'signal'> {
  readonly inbox: Orthanc;
  readonly ledger: Pick<WorkLedger, 'cursor' | 'setCursor' | 'enqueue'>;
  readonly level: UnitLevel;
  readonly pollEveryMs: number;
  /** Tells the loop that there is something new. */
  wake(): void;
}

/** Cursors in the ledger: whether the list of what was there was read, and how far the change log was. */
const listing = 'units';
const changeLog = 'changes';
const finished = 'done';

const changesPerPage = 4000;
/** What has just come is looked at before what was there already: it may be urgent. */
const ofArrivals = 1;

/**
 * Enters into the ledger everything that the inbox holds. The position of the change log is noted before the list is
 * read, so that nothing that arrives meanwhile falls between the two.
 */
export async function feedHeld(context: FeedContext): Promise<void> {
  const { inbox, ledger, signal } = context;
  const last = await inbox.changes.last(signal);
  const position = ledger.cursor(changeLog);
  if (position !== undefined && last < Number(position)) restart(context, Number(position), last);
  else if (position === undefined) ledger.setCursor(changeLog, String(last));
  if (ledger.cursor(listing) !== finished) await feedList(context);
}

async function feedList(context: FeedContext): Promise<void> {
  const { inbox, ledger, log, signal, wake } = context;
  for await (const page of inbox.studies.pages(0, signal)) {
    for await (const keys of unitsOf(page.ids, context)) {
      tellStep(log, 'enter', { units: keys.length });
      ledger.enqueue(keys.map((key) => ({ key })));
    }
    wake();
    if (signal.aborted) return;
    if (page.isLast) ledger.setCursor(listing, finished);
  }
}

/** One study after the other where a study may hold many units: what is held in memory stays small. */
async function* unitsOf(
  studyIds: readonly string[],
  { inbox, level, signal }: FeedContext,
): AsyncGenerator<readonly string[]> {
  if (level === 'study') yield studyIds;
  else if (level === 'series')
    yield (await inbox.studies.heads(studyIds, signal)).flatMap(({ seriesIds }) => seriesIds);
  else
    for (const studyId of studyIds)
      yield (await inbox.studies.instances(studyId, signal)).map(({ id }) => id);
}

/** Lets everything that the inbox holds be looked at again by the next run of `feedHeld`. */
export function lookAnew(ledger: Pick<WorkLedger, 'setCursor'>): void {
  ledger.setCursor(listing, 'anew');
}

/** A change log that ends before our position was cleared or belongs to another database: everything is looked at anew. */
function restart({ ledger, log }: FeedContext, position: number, last: number): void {
  log.warn('inbox.change_log_went_back', { position, last, consequence: 'everything is looked at anew' });
  // In this order: dying in between, we find the position too high once more.
  lookAnew(ledger);
  ledger.setCursor(changeLog, String(last));
}

/** Reads the change log to its end, once; each arrival asks for its unit again. */
export async function feedChanges(context: FeedContext): Promise<void> {
  while (!context.signal.aborted && !(await feedOnePage(context)));
}

async function feedOnePage(context: FeedContext): Promise<boolean> {
  const { inbox, ledger, log, signal, wake } = context;
  const since = Number(ledger.cursor(changeLog) ?? 0);
  const page = await inbox.changes.read({ since, limit: changesPerPage, types: ['NewInstance'], signal });
  if (page.last < since) {
    restart(context, since, page.last);
    await feedList(context);
    return false;
  }
  if (page.last === since) return page.isDone;
  const keys = await parentsOf(
    page.changes.map(({ id }) => id),
    context,
  );
  if (keys.length > 0) tellStep(log, 'enter', { units: keys.length });
  ledger.enqueue(
    keys.map((key) => ({ key, priority: ofArrivals })),
    { name: changeLog, value: String(page.last) },
  );
  if (keys.length > 0) wake();
  return page.isDone;
}

async function parentsOf(
  instanceIds: readonly string[],
  { inbox, level, signal }: FeedContext,
): Promise<readonly string[]> {
  if (level === 'instance') return instanceIds;
  return level === 'study'
    ? inbox.studies.ofInstances(instanceIds, signal)
    : inbox.series.ofInstances(instanceIds, signal);
}
