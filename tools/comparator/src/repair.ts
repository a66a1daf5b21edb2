import { appendFileSync } from 'node:fs';
import { type Failure, asFailure, configurationError } from '@orthanc-tools/failures';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { Comparison, StudyVerdict } from './comparison.ts';
import { copyFiles } from './copy-files.ts';
import { hasInstances } from './depth.ts';
import { type Item, type State, identityConflict } from './item.ts';
import { judgeStudy } from './judge-study.ts';
import { lookUp } from './look-up.ts';
import { retrieveItems } from './retrieve-items.ts';
import type { Glimpse, SideContent } from './side.ts';
import { sendItems } from './send-items.ts';
import type { ComparatorOptions, OpenSides } from './open-sides.ts';

export interface RepairRequest {
  readonly options: ComparatorOptions;
  readonly context: RunContext;
  readonly sides: OpenSides;
  readonly comparison: Comparison;
}

/** What has to be done about the items of one study; each part that fails is told and does not keep the others. */
export interface RepairStep extends Pick<RepairRequest, 'context' | 'sides'> {
  readonly items: readonly Item[];
  /** One thing after the other, because all together have failed. */
  readonly isCareful: boolean;
  /** How long a job may bring nothing, in ms. */
  readonly stallLimit: number;
}

/** How often is tried, and looked: what was sent may be told only a moment later. */
const rounds = 3;
const firstPauseMs = 1000;

/** Sends and fetches what is missing, as far as that is wanted, and looks again. Gives what is found afterwards. */
export function openRepair(request: RepairRequest): (verdict: StudyVerdict) => Promise<StudyVerdict> {
  const { options } = request;
  const wanted = new Set<State>([
    ...(options.transferMissingToModality ? (['onlyInOrthanc'] as const) : []),
    ...(options.retrieveMissingFromOrthanc ? (['onlyThere'] as const) : []),
  ]);
  return async (found) => {
    if (!options.repairIdentityConflicts && found.items.some(({ code }) => code === identityConflict))
      return holdBack(request, found, wanted);
    const last = await repairInRounds(request, found, wanted);
    if (last === undefined) return found;
    const verdict = { ...last, date: last.date || found.date, items: reconcile(found, last, wanted) };
    if (options.errorLogFilePath !== undefined) logFailed(options.errorLogFilePath, verdict, wanted);
    return verdict;
  };
}

/** Undefined: nothing had to be done, or the run is to stop. */
async function repairInRounds(
  request: RepairRequest,
  found: StudyVerdict,
  wanted: ReadonlySet<State>,
): Promise<LastLook | undefined> {
  const { options, context, sides } = request;
  const { stallLimit } = options;
  const toRepair = ({ items }: StudyVerdict) => items.filter(({ state }) => wanted.has(state));
  let last: LastLook | undefined;
  for (let round = 1; round <= rounds && toRepair(last ?? found).length > 0; round += 1) {
    if (context.signal.aborted) return undefined;
    await act({ context, sides, items: toRepair(last ?? found), isCareful: round > 1, stallLimit });
    last = await lookAgain(request, found, wanted);
    if (toRepair(last).length === 0) break;
    await context.clock.sleep(firstPauseMs * 2 ** (round - 1), context.signal);
    last = await lookAgain(request, found, wanted);
  }
  return last;
}

/** Whose images they are has to be decided before they are brought to anybody. */
function holdBack(
  { options, context }: RepairRequest,
  found: StudyVerdict,
  wanted: ReadonlySet<State>,
): StudyVerdict {
  if (!found.items.some(({ state }) => wanted.has(state))) return found;
  context.log.warn('repair.held_back', { studyInstanceUid: found.uid, code: identityConflict });
  if (options.errorLogFilePath !== undefined) logFailed(options.errorLogFilePath, found, wanted);
  const items = found.items.map((item) =>
    wanted.has(item.state) ? { ...item, code: 'REPAIR_HELD_BACK' } : item,
  );
  return { ...found, items };
}

async function act(step: RepairStep): Promise<void> {
  const push = step.items.filter(({ state }) => state === 'onlyInOrthanc');
  const pull = step.items.filter(({ state }) => state === 'onlyThere');
  const { other } = step.sides;
  await bear(step, async () => {
    if (push.length > 0)
      await (other === undefined ? sendItems({ ...step, items: push }) : copyFiles({ ...step, items: push }));
  });
  await bear(step, async () => {
    if (pull.length > 0)
      await (other === undefined
        ? retrieveItems({ ...step, items: pull })
        : copyFiles({ ...step, items: pull }));
  });
}

/** Whatever goes wrong with one study is seen when it is looked at again. Gives what went wrong. */
export async function bear(
  { context }: Pick<RepairStep, 'context'>,
  work: () => Promise<void>,
): Promise<Failure | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    context.signal.throwIfAborted();
    const failure = asFailure(error);
    if (failure === undefined || failure.kind === 'configuration') throw error;
    context.log.warn('repair.failed', { code: failure.code, message: failure.message });
    return failure;
  }
}

interface LastLook extends StudyVerdict {
  /** Why the images of what the repair was to bring could not be looked at, though all else could. */
  readonly unseenInDepth?: readonly Item[];
}

/**
 * What is found now. A study or a series that is there again may lack images, whatever level is compared: what the repair
 * was to bring is looked at image by image.
 */
async function lookAgain(
  { comparison, sides }: RepairRequest,
  found: StudyVerdict,
  wanted: ReadonlySet<State>,
): Promise<LastLook> {
  const verdict = await lookAt(comparison, found.uid);
  const back = found.items.filter(
    (item) =>
      wanted.has(item.state) &&
      !verdict.items.some((left) => left.state === item.state && isWithin(left, item)),
  );
  if (hasInstances(comparison.depth) || back.length === 0) return verdict;
  const { items, seen, isUnseen } = await lookAt({ ...comparison, ...sides.inDepth }, found.uid);
  if (isUnseen === true) return { ...verdict, unseenInDepth: items };
  const below = items.filter(
    (left) =>
      (wanted.has(left.state) || left.state === 'unknown') && back.some((item) => overlaps(left, item)),
  );
  return { ...verdict, items: [...verdict.items, ...below], seen };
}

async function lookAt(comparison: Comparison, uid: string): Promise<StudyVerdict> {
  const [ours, theirs] = await Promise.all(
    [comparison.here, comparison.there].map((side) => lookUp(side, [uid])),
  );
  const pair = {
    uid,
    here: ours?.found.get(uid),
    there: theirs?.found.get(uid),
    doubt: ours?.failed.get(uid) ?? theirs?.failed.get(uid),
  };
  return await judgeStudy(comparison, pair, undefined);
}

/**
 * What was found first and was seen on both sides at last is repaired; what is still there, or only a part of it, is not,
 * and what could not be looked at stays as it was found. Pure.
 */
export function reconcile(
  first: Pick<StudyVerdict, 'items'>,
  last: Pick<LastLook, 'items' | 'seen' | 'isUnseen' | 'unseenInDepth'>,
  wanted: ReadonlySet<State>,
): readonly Item[] {
  const wasWanted = ({ state }: Item) => wanted.has(state);
  if (last.isUnseen === true)
    return [...first.items.map((item) => (wasWanted(item) ? unconfirmed(item) : item)), ...last.items];
  const isTold = (item: Item) => last.items.some((left) => tellsOf(left, item));
  const ended = first.items.filter((item) => wasWanted(item) && !isTold(item));
  const left = last.items.map((item): Item =>
    wasWanted(item) ? { ...item, was: item.state, code: 'REPAIR_FAILED' } : item,
  );
  const { unseenInDepth } = last;
  if (unseenInDepth !== undefined) return [...ended.map(unconfirmed), ...left, ...unseenInDepth];
  return [...ended.map((item) => endOf(item, last.seen)), ...left];
}

const unconfirmed = (item: Item): Item => ({ ...item, was: item.state, code: 'REPAIR_UNCONFIRMED' });

/** Whether what is told now says of an item that it is not, or may not be, on both sides. */
const tellsOf = (left: Item, item: Item): boolean =>
  (left.state === item.state && isWithin(left, item)) ||
  (left.state === 'unknown' && overlaps(left, item)) ||
  (isOnOneSide(left) && isWithin(item, left));

const isOnOneSide = ({ state }: Item): boolean => state === 'onlyInOrthanc' || state === 'onlyThere';

function endOf(item: Item, seen: Glimpse | undefined): Item {
  const isOnBoth = seen !== undefined && [seen.here, seen.there].every((content) => holds(content, item));
  if (isOnBoth) return { ...item, state: 'equal', was: item.state, code: 'REPAIRED' };
  const message = 'It is no longer where it was, and was not seen on both sides.';
  return { ...item, state: 'unknown', was: item.state, code: 'GONE', message };
}

function holds({ series }: SideContent, { level, seriesInstanceUid, sopInstanceUid }: Item): boolean {
  if (level === 'study') return series.size > 0;
  const one = series.get(seriesInstanceUid ?? '');
  return one !== undefined && (level === 'series' || one.instances.has(sopInstanceUid ?? ''));
}

const isWithin = (inner: Item, outer: Item): boolean =>
  outer.level === 'study' ||
  (outer.seriesInstanceUid === inner.seriesInstanceUid &&
    (outer.level === 'series' || outer.sopInstanceUid === inner.sopInstanceUid));

const overlaps = (one: Item, other: Item): boolean => isWithin(one, other) || isWithin(other, one);

/** As the Python tool writes it: UID, study date, level. Also what nobody could see repaired. */
function logFailed(path: string, verdict: StudyVerdict, wanted: ReadonlySet<State>): void {
  const lines = verdict.items
    .filter(({ state, was }) => wanted.has(state) || (state === 'unknown' && was !== undefined))
    .map(({ level, studyDate, ...uids }) => {
      const uid = {
        study: uids.studyInstanceUid,
        series: uids.seriesInstanceUid,
        instance: uids.sopInstanceUid,
      };
      return `${uid[level] ?? ''},${studyDate},${level}\n`;
    });
  try {
    if (lines.length > 0) appendFileSync(path, lines.join(''));
  } catch (cause) {
    const message = `--error-log-file-path (ERROR_LOG_FILE_PATH): "${path}" cannot be written.`;
    throw configurationError('OUTPUT_UNWRITABLE', message, { cause });
  }
}
