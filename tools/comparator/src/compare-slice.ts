import type { FoundStudy, Slice } from '@orthanc-tools/study-search';
import type { Comparison, StudyPair, StudyVerdict } from './comparison.ts';
import { hasInstances, hasSeries } from './depth.ts';
import type { Item } from './item.ts';
import { itemFailure, orElse } from './item-failure.ts';
import { judgeStudy } from './judge-study.ts';
import { listAgain } from './list-again.ts';
import { type LookUp, lookUp } from './look-up.ts';
import { mergeSorted } from './merge-sorted.ts';
import { type Glimpse, type SideContent, type SideDates, type SideStudy, nothing } from './side.ts';
import { studiesByUid } from './studies-by-uid.ts';

export interface SliceRequest {
  readonly comparison: Comparison;
  readonly slice: Slice;
  /** The days of the whole run; undefined: only what has no date. */
  readonly range: SideDates | undefined;
  /** UIDs of studies without a date that were compared already: a modality may tell them with every slice. */
  readonly undated: Set<string>;
  /** Takes what is said of the days as a whole. */
  doubt(item: Item): void;
}

/**
 * Compares the studies of some days: both listings in step, sorted by UID. What only one of them holds is looked up by
 * its UID at the other side before it is called missing.
 */
export async function* compareSlice(request: SliceRequest): AsyncGenerator<StudyVerdict> {
  const { comparison, slice } = request;
  const ours = await ownStudies(request);
  if (ours === undefined) return;
  const theirs = studiesByUid([...slice.studies.values(), ...slice.ofOtherPatients].map(sideStudyOf));
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

/** Undefined where Orthanc cannot tell them, which is said of the slice as a whole. */
async function ownStudies({
  comparison,
  slice,
  doubt,
}: SliceRequest): Promise<Map<string, SideStudy> | undefined> {
  const studies = await comparison.here.studiesOf(slice.dates).catch((error: unknown) => {
    const failure = itemFailure(error);
    if (failure === undefined) throw error;
    for (const item of doubtsOf({ ...slice, isCut: false, failure })) doubt(item);
  });
  if (studies === undefined) return undefined;
  const wanted = slice.dates === undefined ? studies.filter(({ date }) => date === '') : studies;
  return studiesByUid(wanted);
}

/** Finds what seems to be missing, and leaves to another slice what belongs there. */
async function complete(
  request: SliceRequest,
  ours: Map<string, SideStudy>,
  theirs: Map<string, SideStudy>,
): Promise<StudyPair[]> {
  const { comparison, undated } = request;
  const { here, there, ignoresMissingThere } = comparison;
  const absentThere = ignoresMissingThere ? [] : [...ours.keys()].filter((uid) => !theirs.has(uid));
  const foundThere = await lookUp(there, absentThere);
  for (const [uid, study] of await untold(request, foundThere.found))
    if (!theirs.has(uid)) theirs.set(uid, study);
  const absentHere = [...theirs.keys()].filter((uid) => !ours.has(uid) && !undated.has(uid));
  const foundHere = await lookUp(here, absentHere);
  return inOrderOfDays(pairsOf(request, { ours, theirs, foundHere, foundThere }));
}

interface Listings {
  readonly ours: ReadonlyMap<string, SideStudy>;
  readonly theirs: ReadonlyMap<string, SideStudy>;
  /** What one side has told only when it was asked for it by UID. */
  readonly foundHere: LookUp;
  readonly foundThere: LookUp;
}

function pairsOf(request: SliceRequest, { ours, theirs, foundHere, foundThere }: Listings): StudyPair[] {
  const { comparison, undated } = request;
  const { ignoresMissingThere, ignoresMissingHere } = comparison;
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
  return pairs;
}

/** People look for days first. */
const inOrderOfDays = (pairs: readonly StudyPair[]): StudyPair[] =>
  pairs.toSorted((one, other) => (dateOf(one) < dateOf(other) ? -1 : dateOf(one) > dateOf(other) ? 1 : 0));

/** What else the other side holds of these days, where it has more of them than it told. */
async function untold(
  { comparison: { there }, slice, doubt }: SliceRequest,
  found: ReadonlyMap<string, SideStudy>,
): Promise<ReadonlyMap<string, SideStudy>> {
  const { dates } = slice;
  const missed = dates === undefined ? [] : [...found.values()].filter(({ date }) => isIn(dates, date));
  if (missed.length === 0 || slice.isCut || slice.failure !== undefined) return new Map();
  const { studies, isWhole } = await listAgain(
    there,
    slice,
    missed.map(({ uid }) => uid),
  );
  if (!isWhole) for (const item of doubtsOf({ ...slice, isCut: true })) doubt(item);
  return studiesByUid(studies.map(sideStudyOf));
}

const isIn = ({ from, to }: SideDates, date: string): boolean => date >= from && date <= to;

const dateOf = ({ here, there }: StudyPair): string => here?.date || there?.date || '';

/** Whether Orthanc's date of the study lies in days that are compared of their own, where it is then looked up there. */
const isComparedElsewhere = ({ date }: SideStudy, { range, comparison }: SliceRequest): boolean =>
  !comparison.ignoresMissingThere && range !== undefined && isIn(range, date);

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
  // Whoever cannot be asked for many is asked for each.
  const [here, there] = await Promise.all([
    orElse(undefined, () => ours.glance(both.map((pair) => pair.here))),
    orElse(undefined, () => theirs.glance(both.map((pair) => pair.there))),
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
