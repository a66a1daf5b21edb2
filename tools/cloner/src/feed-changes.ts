import { allEnded, asFailure, sideBySide } from '@orthanc-tools/failures';
import {
  type Change,
  type Landmarks,
  type Resource,
  feedLateChanges,
  forgetPassedOver,
  isAccessRefused,
  isNewest,
  notePassedOver,
  readLandmarks,
  recognizeLog,
  withPage,
  writeLandmarks,
} from '@orthanc-tools/orthanc-client';
import { patiently } from '@orthanc-tools/tool-runtime';
import { changeLog, changeLogPosition } from './change-log-position.ts';
import { type FeedContext, beginAnew, feedList, rememberMissed, wantedAmong } from './feed-studies.ts';
import { caughtUpTeller } from './tell-caught-up.ts';

const changesPerPage = 4000;
const pollEveryMs = 1000;
/** What has just arrived is often followed by more of the same study: a short wait saves visits. */
const settleMs = 1500;

const ofImages = ['NewInstance'];
const ofBelongings = ['UpdatedMetadata', 'UpdatedAttachment'];

/** Why the change log does not lead on from where it was left. */
export type GapReason = 'went back' | 'another history' | 'cleared';

/** A place in the change log where entries may be missing; every study was looked at again instead. */
export interface Gap {
  /** When it was noticed. */
  readonly at: string;
  readonly reason: GapReason;
  /** The sequence number up to which the log had been read. */
  readonly position: number;
  /** The last sequence number of the log as it was found. */
  readonly last: number;
}

/**
 * Where the change log ends by now. To be asked beside other questions, as from afar each costs a round trip; undefined
 * where it is not told, and then asked for by whoever needs it.
 */
export async function findLogEnd({
  source,
  signal,
}: Pick<FeedContext, 'source' | 'signal'>): Promise<number | undefined> {
  try {
    return await source.changes.last(signal);
  } catch (error) {
    if (asFailure(error) === undefined && !signal.aborted) throw error;
    return undefined;
  }
}

/**
 * Enters into the ledger every study that the source holds. The position of the change log is noted before the list is
 * read, so that nothing that arrives meanwhile falls between the two; it may have been found earlier.
 */
export async function feedExisting(context: FeedContext, foundEnd?: number): Promise<void> {
  const { source, ledger, signal } = context;
  const position = changeLogPosition(ledger);
  if (position === undefined)
    ledger.setCursor(changeLog, String(foundEnd ?? (await source.changes.last(signal))));
  else {
    const reached = await source.changes.reached(position, signal);
    if (reached < position) await answerGap('went back', reached, context);
  }
  if (await source.changes.mayComeLate()) {
    // What is written late, under a number before the position, is in the list or is passed over: so the list comes second.
    await rememberLog(context);
    return feedList(context);
  }
  // Side by side: from afar each question costs a round trip.
  await allEnded([rememberLog(context), feedList(context)]);
}

/** A run that died before it could is made good by the next one. */
async function rememberLog(context: FeedContext): Promise<void> {
  const { ledger } = context;
  if (readLandmarks(ledger).length === 0)
    writeLandmarks(ledger, await landmarksAt(changeLogPosition(ledger) ?? 0, context));
}

/** From here on the log is read. */
async function beginLogAt(last: number, context: FeedContext): Promise<void> {
  forgetPassedOver(context.ledger);
  const landmarks = await landmarksAt(last, context);
  context.ledger.setCursor(changeLog, String(last));
  writeLandmarks(context.ledger, landmarks);
}

/**
 * The last entries, by which the log is known again: one alone would go with its resource. What is missing among them may
 * still appear.
 */
async function landmarksAt(last: number, context: FeedContext): Promise<Landmarks> {
  const { source, signal } = context;
  const since = Math.max(0, last - changesPerPage);
  const { changes, passedOver } = await source.changes.read({ since, limit: changesPerPage, signal });
  notePassedOver({ passedOver, last }, since, context);
  return withPage([], changes);
}

/** Nobody knows what was missed: every study is looked at again. Deletions are never followed. */
async function answerGap(reason: GapReason, last: number, context: FeedContext): Promise<void> {
  const { ledger, log, clock, noteGap } = context;
  const position = changeLogPosition(ledger) ?? 0;
  log.warn(eventOf[reason], { reason, position, last, consequence: 'every study is looked at again' });
  noteGap({ at: clock.now().toISOString(), reason, position, last });
  // In this order: dying in between, we find the gap once more.
  beginAnew(ledger);
  await beginLogAt(last, context);
}

const eventOf: Readonly<Record<GapReason, string>> = {
  'went back': 'source.change_log_went_back',
  'another history': 'source.change_log_is_another',
  cleared: 'source.change_log_cleared',
};

/** Reads the change log from where it was left to its end, once, and what has appeared before that meanwhile. */
export async function feedChanges(context: FeedContext): Promise<void> {
  const { schedule, clock, signal } = context;
  while (!signal.aborted && !(await feedOnePage(context))) await schedule.untilOpen(clock, signal);
  const enterLate = (late: readonly Change[]) => enter(late, undefined, context);
  await feedLateChanges({ ...context, types: typesFor(context), enter: enterLate });
}

const typesFor = ({ belongings }: FeedContext): readonly string[] =>
  belongings ? [...ofImages, ...ofBelongings] : ofImages;

/**
 * Begins with the entry that was read last: where it is still there, nothing is missing in between. It may have gone with
 * its resource, too: then older ones are looked for.
 */
async function feedOnePage(context: FeedContext): Promise<boolean> {
  const { source, ledger, signal } = context;
  const position = changeLogPosition(ledger) ?? 0;
  const landmarks = readLandmarks(ledger);
  const since = Math.min(position, (landmarks.at(-1)?.sequence ?? Infinity) - 1);
  const types = typesFor(context);
  const read = (from: number) => source.changes.read({ since: from, limit: changesPerPage, types, signal });
  let page = await read(since);
  // The last entries may have gone with what was deleted.
  const hasGoneBack =
    page.isDone && page.last < position && (await source.changes.reached(position, signal)) < position;
  const reason = hasGoneBack ? 'went back' : await gapIn(page.changes[0], context);
  if (reason !== undefined) {
    await answerGap(reason, await source.changes.last(signal), context);
    await feedList(context);
    return false;
  }
  // Types that were not asked for when the landmark was read may fill the page.
  if (!page.isDone && page.last <= position) page = await read(position);
  const news = page.changes.filter(({ sequence }) => sequence > position);
  if (page.last > position) {
    notePassedOver(page, position, context);
    await enter(news, page.last, context);
  }
  if (news.length > 0) writeLandmarks(ledger, withPage(landmarks, news));
  return page.isDone;
}

async function gapIn(first: Change | undefined, { source, ledger, signal }: FeedContext) {
  const landmarks = readLandmarks(ledger);
  if (landmarks.length === 0 || isNewest(landmarks, first)) return undefined;
  const recognition = await recognizeLog(source, landmarks, signal);
  if (typeof recognition === 'object') return undefined;
  return recognition === 'other' ? 'another history' : 'cleared';
}

/** `last` is how far the log was read by that; undefined for what lies before. */
async function enter(news: readonly Change[], last: number | undefined, context: FeedContext): Promise<void> {
  const { source, ledger, clock, signal, wake } = context;
  const telling = await withoutCaches(news, context);
  const told = await source.studies.ofInstances(
    telling.map(({ id }) => id),
    signal,
  );
  const studies = await wantedAmong(told, context);
  rememberMissed(told, studies, context);
  const readyAt = clock.now().getTime() + settleMs;
  ledger.enqueue(
    studies.map((key) => ({ key, readyAt })),
    last === undefined ? undefined : { name: changeLog, value: String(last) },
  );
  if (studies.length > 0) wake();
}

const asksAtOnce = 4;

/**
 * Without those that tell of nothing but an attachment that stays behind: the DICOMweb plugin attaches its cache to each
 * series as soon as it is stable.
 */
async function withoutCaches(
  news: readonly Change[],
  { source, belongings, signal }: FeedContext,
): Promise<readonly Change[]> {
  if (belongings === undefined || belongings.rules.removes) return news;
  const { skipped } = belongings;
  const idle = new Set<Change>();
  const ofAttachments = news.filter(({ type }) => type === 'UpdatedAttachment');
  await sideBySide(ofAttachments, asksAtOnce, async (change) => {
    const resource = { level: change.resourceType as Resource['level'], id: change.id };
    const numbers = await source.belongings.attachmentNumbers(resource, signal);
    if (numbers.every((number) => skipped.has(number))) idle.add(change);
  });
  return news.filter((change) => !idle.has(change));
}

export type Feeder = (feed: FeedContext) => Promise<void>;

/**
 * Asks within the running hours: nothing depends on the change log being read at others. Waits politely while a server is
 * away; one that is back when they have ended is left in peace until they begin again.
 */
export const persist = (feed: FeedContext, ask: Feeder): Promise<void> => {
  const askWhenOpen = async () => {
    await feed.schedule.untilOpen(feed.clock, feed.signal);
    if (!feed.signal.aborted) await ask(feed);
  };
  return patiently(askWhenOpen, { ...feed, bears: isAccessRefused });
};

interface Sweeping {
  /** 0 for never. */
  readonly sweepMs: number;
  readonly sweep: Feeder;
}

/** Follows the source until the signal; waits politely while the source is away. */
export async function follow(context: FeedContext, { sweepMs, sweep }: Sweeping): Promise<void> {
  const { clock, signal } = context;
  const tellIfCaughtUp = caughtUpTeller(context);
  let sweptAt = clock.now().getTime();
  while (!signal.aborted) {
    const askedAt = clock.now().getTime();
    await persist(context, feedChanges);
    if (!signal.aborted) tellIfCaughtUp(askedAt);
    if (sweepMs > 0 && clock.now().getTime() - sweptAt >= sweepMs) {
      await persist(context, sweep);
      sweptAt = clock.now().getTime();
    }
    await clock.sleep(Math.min(pollEveryMs, sweepMs || pollEveryMs), signal);
  }
}
