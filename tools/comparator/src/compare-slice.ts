import type { FoundStudy, Slice } from '@orthanc-tools/study-search';
import type { Comparison, StudyPair, StudyVerdict } from './comparison.ts';
import { hasInstances, hasSeries } from './depth.ts';
import type { Item } from './item.ts';
import { judgeStudy } from './judge-study.ts';
import { lookUp } from './look-up.ts';
import { mergeSorted } from './merge-sorted.ts';
import { type Glimpse, type SideContent, type SideDates, type SideStudy, nothing } from './side.ts';

export interface SliceRequest {
  readonly comparison: Comparison;
  readonly slice: Slice;
  /** The days of the whole run; undefined: only what has no date. */
  readonly range: SideDates | undefined;
  /** UIDs of studies without a date that were compared already: a modality may tell them with every slice. */
  readonly undated: Set<string>;
}

/**
 * Compares the studies of some days: both listings in step, sorted by UID. What only one of them holds is looked up by
 * its UID at the other side before it is called missing.
 */
export async function* compareSlice(request: SliceRequest): AsyncGenerator<StudyVerdict> {
  const { comparison, slice } = request;
  const ours = await ownStudies(request);
  const theirs = new Map([...slice.studies].map(([uid, study]) => [uid, sideStudyOf(study)]));
  const pairs = await complete(request, ours, theirs);
  for (const batch of batchesOf(comparison, pairs)) {
    const glimpses = await glance(comparison, batch);
    for (const pair of batch) yield await judgeStudy(comparison, pair, glimpses.get(pair.uid));
  }
}

const sideStudyOf = ({ studyInstanceUid, date, instances, tags }: FoundStudy): SideStudy => ({
  uid: studyInstanceUid,
  date,
  tags,
  instances,
  orthancId: undefined,
});

async function ownStudies({ comparison, slice }: SliceRequest): Promise<Map<string, SideStudy>> {
  const studies = await comparison.here.studiesOf(slice.dates);
  const wanted = slice.dates === undefined ? studies.filter(({ date }) => date === '') : studies;
  const own = new Map(wanted.map((study) => [study.uid, study]));
  if (own.size < wanted.length) comparison.note(severalPatients, wanted.length - own.size);
  return own;
}

const severalPatients = {
  code: 'SEVERAL_PATIENTS',
  message: 'studies lie in Orthanc under several patients, and were compared as one',
};

/** Finds what seems to be missing, and leaves to another slice what belongs there. */
async function complete(
  request: SliceRequest,
  ours: Map<string, SideStudy>,
  theirs: Map<string, SideStudy>,
): Promise<StudyPair[]> {
  const { comparison, undated } = request;
  const { here, there, ignoresMissingThere, ignoresMissingHere } = comparison;
  const absentThere = ignoresMissingThere ? [] : [...ours.keys()].filter((uid) => !theirs.has(uid));
  const foundThere = await lookUp(there, absentThere);
  const absentHere = [...theirs.keys()].filter((uid) => !ours.has(uid) && !undated.has(uid));
  const foundHere = await lookUp(here, absentHere);
  const pairs: StudyPair[] = [];
  for (const { key: uid, ...met } of mergeSorted(ours, theirs)) {
    const own = met.here ?? foundHere.found.get(uid);
    const other = met.there ?? foundThere.found.get(uid);
    const doubt = foundHere.failed.get(uid) ?? foundThere.failed.get(uid);
    const isDone = undated.has(uid) || (met.here === undefined && own && isComparedElsewhere(own, request));
    const isIgnored =
      (own === undefined && ignoresMissingHere) || (other === undefined && ignoresMissingThere);
    if (isDone === true || (isIgnored && doubt === undefined)) continue;
    if (met.there?.date === '' || own?.date === '') undated.add(uid);
    noteDates(comparison, own, other);
    pairs.push({ uid, here: own, there: other, doubt });
  }
  // People look for days first.
  return pairs.toSorted((one, other) =>
    dateOf(one) < dateOf(other) ? -1 : dateOf(one) > dateOf(other) ? 1 : 0,
  );
}

const dateOf = ({ here, there }: StudyPair): string => here?.date || there?.date || '';

/** Whether Orthanc's date of the study lies in days that are compared of their own, where it is then looked up there. */
const isComparedElsewhere = ({ date }: SideStudy, { range, comparison }: SliceRequest): boolean =>
  !comparison.ignoresMissingThere && range !== undefined && date >= range.from && date <= range.to;

function noteDates({ note }: Comparison, here: SideStudy | undefined, there: SideStudy | undefined): void {
  if (here === undefined || there === undefined || here.date === there.date) return;
  const isUndated = here.date === '' || there.date === '';
  note(
    isUndated
      ? { code: 'UNDATED', message: 'studies have no date on one side, and were compared all the same' }
      : {
          code: 'DATE_DIFFERS',
          message: 'studies have another date on the other side, and were compared all the same',
        },
  );
}

const instancesPerGlance = 4500;
const studiesPerGlance = 100;
const usualInstances = 100;

/** So many studies as fit into memory together, by what is told of their sizes. */
function* batchesOf({ depth }: Comparison, pairs: readonly StudyPair[]): Generator<StudyPair[]> {
  let batch: StudyPair[] = [];
  let size = 0;
  for (const pair of pairs) {
    const own = hasInstances(depth) ? sizeOf(pair) : 1;
    if (batch.length > 0 && (size + own > instancesPerGlance || batch.length === studiesPerGlance)) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(pair);
    size += own;
  }
  if (batch.length > 0) yield batch;
}

const sizeOf = ({ here, there }: StudyPair): number =>
  here === undefined || there === undefined
    ? 0
    : Math.max(here.instances ?? 0, there.instances ?? 0) || usualInstances;

async function glance(
  { here: ours, there: theirs, depth }: Comparison,
  batch: readonly StudyPair[],
): Promise<ReadonlyMap<string, Glimpse>> {
  const both = batch.flatMap(({ here, there }) => (here && there ? [{ here, there }] : []));
  if (both.length === 0 || !hasSeries(depth)) return new Map();
  const [here, there] = await Promise.all([
    ours.glance(both.map((pair) => pair.here)),
    theirs.glance(both.map((pair) => pair.there)),
  ]);
  if (here === undefined || there === undefined) return new Map();
  const of = (contents: ReadonlyMap<string, SideContent>, uid: string) => contents.get(uid) ?? nothing;
  return new Map(both.map(({ here: { uid } }) => [uid, { here: of(here, uid), there: of(there, uid) }]));
}

/** What is told of days of which the other side did not tell all. */
export function doubtsOf({ dates, failure, isCut }: Slice): Item[] {
  const days = dates === undefined ? '' : dates.from === dates.to ? dates.from : `${dates.from}-${dates.to}`;
  const about = { level: 'study', state: 'unknown', studyInstanceUid: '', studyDate: days } as const;
  return [
    ...(failure === undefined ? [] : [{ ...about, code: failure.code, message: failure.message }]),
    ...(isCut
      ? [{ ...about, code: 'ANSWER_CUT', message: 'There may be more studies than the other side tells.' }]
      : []),
  ];
}
