import type { RunContext } from '@orthanc-tools/tool-runtime';
import { type Slice, spanOf, undated } from '@orthanc-tools/study-search';
import { doubtsOf } from './compare-slice.ts';
import type { StudyVerdict } from './comparison.ts';
import { inHours } from './in-hours.ts';
import type { Item } from './item.ts';
import type { RunRecord } from './run-record.ts';
import type { Side, SideDates } from './side.ts';
import { countItem, countVerdict } from './tally.ts';

export interface RunRequest {
  /** Whose studies are gone through. */
  readonly slices: Side['slices'];
  readonly weigh: Side['countOf'];
  /** What comes of each study of a slice; the days are those of the whole run. `doubt` takes what is of no study. */
  judge(slice: Slice, range: SideDates, doubt: (item: Item) => void): AsyncIterable<StudyVerdict>;
  readonly record: RunRecord;
  readonly context: RunContext;
  /** As the user gave them: the newest first where `from` is the later day. */
  readonly from: string;
  readonly to: string;
  readonly includesUndated: boolean;
  /** Ends when work may be done. */
  untilOpen(): Promise<void>;
  /** What becomes of a study that differs: repaired, and looked at again. */
  repair(verdict: StudyVerdict): Promise<StudyVerdict>;
}

/** Compares a range of days from where the record says that it was left, and records what it finds. */
export async function runOnce(request: RunRequest): Promise<void> {
  const { slices, weigh, record, context, from, to, includesUndated, untilOpen } = request;
  const { span, order } = spanOf(from, to);
  const range = span.dates ?? { from, to };
  const left = leftOf(range, order, record.doneThrough);
  if (left !== undefined) {
    for await (const slice of inHours(slices({ span: { dates: left }, order, weigh }), untilOpen)) {
      if (!(await runSlice({ ...request, slice, range }))) return;
      const { dates } = slice;
      record.checkpoint(order === 'oldest first' ? dates?.to : dates?.from);
    }
  }
  if (!includesUndated || context.signal.aborted) return;
  for await (const slice of inHours(slices({ span: undated, order }), untilOpen))
    if (!(await runSlice({ ...request, slice, range }))) return;
}

/** The days that are still to be compared; undefined: none. */
function leftOf(range: SideDates, order: string, doneThrough: string | undefined): SideDates | undefined {
  if (doneThrough === undefined) return range;
  const left =
    order === 'oldest first'
      ? { from: dayAfter(doneThrough, 1), to: range.to }
      : { from: range.from, to: dayAfter(doneThrough, -1) };
  return left.from <= left.to ? left : undefined;
}

const msPerDay = 86_400_000;

function dayAfter(date: string, days: number): string {
  const at = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)));
  return new Date(at + days * msPerDay).toISOString().slice(0, 10).replaceAll('-', '');
}

interface SliceRun extends RunRequest {
  readonly slice: Slice;
  readonly range: SideDates;
}

/** False: the run is to stop, and the slice is not done. */
async function runSlice(request: SliceRun): Promise<boolean> {
  const { slice, range, record, context, untilOpen, judge, repair } = request;
  await untilOpen();
  if (context.signal.aborted) return false;
  for (const item of doubtsOf(slice)) tell(request, item);
  // Of days of which nothing was told, nothing is missing: that was said.
  if (slice.failure !== undefined && slice.studies.size === 0) return true;
  const verdicts = judge(slice, range, (item) => tell(request, item));
  for await (const found of inHours(verdicts, untilOpen)) {
    await untilOpen();
    if (context.signal.aborted) return false;
    const verdict = found.items.length === 0 ? found : await repair(found);
    countVerdict(record.tally, verdict);
    for (const item of itemsOf(verdict)) log(request, item);
    show(request, verdict.date);
  }
  return true;
}

function itemsOf(verdict: StudyVerdict): readonly Item[] {
  const { uid, date, items, commonInstances, orthancId } = verdict;
  if (items.length > 0) return items;
  const about = { level: 'study', studyInstanceUid: uid, studyDate: date, orthancId } as const;
  return [{ ...about, state: 'equal', instances: commonInstances || undefined }];
}

/** Counts what belongs to no study. */
function tell(request: SliceRun, item: Item): void {
  countItem(request.record.tally, item);
  log(request, item);
}

/** Neither messages nor values of attributes are logged: they may hold what belongs to a patient. */
function log({ record, context }: SliceRun, item: Item): void {
  record.write(item);
  context.metrics.countItem(item.state);
  if (item.state === 'equal' && item.was === undefined) return;
  const { state, level, studyInstanceUid, seriesInstanceUid, sopInstanceUid, code, was } = item;
  context.log.info('item.compared', {
    state,
    level,
    studyInstanceUid,
    ...(seriesInstanceUid !== undefined && { seriesInstanceUid }),
    ...(sopInstanceUid !== undefined && { sopInstanceUid }),
    ...(code !== undefined && { code }),
    ...(was !== undefined && { was }),
  });
}

function show({ record: { tally }, context }: SliceRun, date: string): void {
  context.progress.update({
    doneItems: tally.studies,
    doneParts: tally.instances,
    doneBytes: 0,
    setAside: tally.items.unknown,
    note: date,
  });
}
