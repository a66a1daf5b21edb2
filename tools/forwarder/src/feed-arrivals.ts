import {
  type Change,
  type Orthanc,
  feedLateChanges,
  forgetPassedOver,
  notePassedOver,
  readLandmarks,
  recognizeLog,
  withPage,
  withoutResources,
  writeLandmarks,
} from '@orthanc-tools/orthanc-client';
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
export const changeLog = 'changes';
const finished = 'done';

const changesPerPage = 4000;
export const arrivals = ['NewInstance'];
/** What has just come is looked at before what was there already: it may be urgent. */
const ofArrivals = 1;

/**
 * Finds the place where the change log was left, and enters into the ledger everything that the inbox holds where there is
 * none: the position is noted before the list is read, so that nothing that arrives meanwhile falls between the two. To be
 * called at the start, where the list was not read to its end, and after each time when the inbox was away: it may come back
 * with another database.
 */
export async function feedHeld(context: FeedContext): Promise<void> {
  const { inbox, ledger, signal } = context;
  const position = ledger.cursor(changeLog);
  if (position === undefined) await beginLogAt(await inbox.changes.last(signal), context);
  else await findPlace(Number(position), context);
  if (!isListed(ledger)) await feedList(context);
}

/** A log that was restored may have come past our position by now, with other entries than those that were read. */
async function findPlace(position: number, context: FeedContext): Promise<void> {
  const { inbox, ledger, signal } = context;
  const reached = await inbox.changes.reached(position, signal);
  if (reached < position) return restart('went_back', reached, context);
  const found = await recognizeLog(inbox, readLandmarks(ledger), signal);
  if (typeof found !== 'string') return;
  await restart(found === 'other' ? 'is_another' : 'unfamiliar', await inbox.changes.last(signal), context);
}

/** From here on the log is read, and known again by its last entries. What is missing among them may still appear. */
async function beginLogAt(last: number, context: FeedContext): Promise<void> {
  const { inbox, ledger, signal } = context;
  const since = Math.max(0, last - changesPerPage);
  const query = { since, limit: changesPerPage, types: arrivals, signal };
  const { changes, passedOver } = await inbox.changes.read(query);
  forgetPassedOver(ledger);
  notePassedOver({ passedOver, last }, since, context);
  ledger.setCursor(changeLog, String(last));
  writeLandmarks(ledger, withPage([], changes));
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

/** Whether everything that the inbox held was entered. */
export const isListed = (ledger: Pick<WorkLedger, 'cursor'>): boolean => ledger.cursor(listing) === finished;

const anew = 'anew';

/** Lets everything that the inbox holds be looked at again by the next run of `feedHeld`. */
export function lookAnew(ledger: Pick<WorkLedger, 'setCursor'>): void {
  ledger.setCursor(listing, anew);
}

/**
 * `pending`: it is still to be decided anew who is to have a unit, by another configuration or for what has come to it.
 * `set aside`: nobody could decide it, as where a hook fails; what was decided before says nothing any more.
 */
export type Decision = 'decided' | 'pending' | 'set aside';

export function decisionOn(ledger: Pick<WorkLedger, 'cursor' | 'stateOf'>, key: string): Decision {
  if (ledger.cursor(listing) === anew) return 'pending';
  const state = ledger.stateOf(key);
  if (state === 'set aside') return 'set aside';
  return state === 'waiting' || state === 'in hand' ? 'pending' : 'decided';
}

/**
 * A change log that ends before our position, or says something else there, was cleared or belongs to another database.
 * One of which nothing is left that we read is `unfamiliar`: mostly, because all of it was forwarded and deleted.
 */
async function restart(
  why: 'went_back' | 'is_another' | 'unfamiliar',
  last: number,
  context: FeedContext,
): Promise<void> {
  const { ledger, log } = context;
  const facts = { position: Number(ledger.cursor(changeLog) ?? 0), last };
  const consequence = 'everything that the inbox holds is looked at anew';
  if (why === 'unfamiliar') log.info('inbox.change_log_unfamiliar', { ...facts, consequence });
  else log.warn(`inbox.change_log_${why}`, { ...facts, consequence });
  // In this order: dying in between, we find no place in the log once more.
  lookAnew(ledger);
  await beginLogAt(last, context);
}

/** The change log is known no more by what was deleted: should that come back, so has an older database. */
export function forgetDeleted(
  ledger: Pick<WorkLedger, 'cursor' | 'setCursor'>,
  deleted: readonly { readonly id: string }[],
): void {
  const known = readLandmarks(ledger);
  const left = withoutResources(known, new Set(deleted.map(({ id }) => id)));
  if (left.length < known.length) writeLandmarks(ledger, left);
}

/**
 * Reads the change log to its end, once, and what has appeared before that meanwhile; each arrival asks for its unit
 * again.
 */
export async function feedChanges(context: FeedContext): Promise<void> {
  while (!context.signal.aborted && !(await feedOnePage(context)));
  const enterLate = (late: readonly Change[]) => enter(late, undefined, context);
  await feedLateChanges({ ...context, source: context.inbox, types: arrivals, enter: enterLate });
}

async function feedOnePage(context: FeedContext): Promise<boolean> {
  const { inbox, ledger, signal } = context;
  const since = Number(ledger.cursor(changeLog) ?? 0);
  const page = await inbox.changes.read({ since, limit: changesPerPage, types: arrivals, signal });
  if (page.last < since) {
    await restart('went_back', page.last, context);
    await feedList(context);
    return false;
  }
  if (page.last === since) return page.isDone;
  notePassedOver(page, since, context);
  await enter(page.changes, page.last, context);
  if (page.changes.length > 0) writeLandmarks(ledger, withPage(readLandmarks(ledger), page.changes));
  return page.isDone;
}

/** `last` is how far the log was read by that; undefined for what lies before. */
async function enter(
  changes: readonly Change[],
  last: number | undefined,
  context: FeedContext,
): Promise<void> {
  const { ledger, log, wake } = context;
  const keys = await parentsOf(
    changes.map(({ id }) => id),
    context,
  );
  if (keys.length > 0) tellStep(log, 'enter', { units: keys.length });
  ledger.enqueue(
    keys.map((key) => ({ key, priority: ofArrivals })),
    last === undefined ? undefined : { name: changeLog, value: String(last) },
  );
  if (keys.length > 0) wake();
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
