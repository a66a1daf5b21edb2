import type { FoundResource, Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';
import { knownCap, searchSlices, studyDateIn } from '@orthanc-tools/study-search';
import type { Tags } from './attributes.ts';
import { type Depth, hasInstances, hasSeries, instanceKeys, seriesKeys, studyKeys } from './depth.ts';
import { identityKeys } from './identity.ts';
import {
  type Side,
  type SideContent,
  type SideDates,
  type SideInstance,
  type SideSeries,
  type SideStudy,
  type WantedSlices,
  nothing,
} from './side.ts';
import { orElse } from './item-failure.ts';
import type { Persist } from './persistence.ts';
import { studiesByUid } from './studies-by-uid.ts';
import { uidIn } from './uid-in.ts';

export interface OrthancSideRequest {
  readonly orthanc: Orthanc;
  readonly depth: Depth;
  /** `HasExtendedFind`. */
  readonly isLean: boolean;
  readonly signal: AbortSignal;
  /** Waits for a server that is away, and asks again. */
  readonly persist: Persist;
}

type Match = Readonly<Record<string, string>>;

const uidsPerQuestion = 200;

/** An Orthanc, asked by its REST API: it tells all that it holds. */
export function orthancSide(request: OrthancSideRequest): Side {
  const { orthanc, isLean } = request;
  const find = findBy(request);
  const studies = studyQuestion(request, find);
  const contents = (studyUids: readonly string[]) => contentsOf({ ...request, find }, studyUids);
  return {
    name: orthanc.url,
    // Older ones tell only what lies in their index.
    tellsAll: isLean,
    slices: (wanted) => slicesOf(studies, wanted),
    // It tells all: what it did not tell came afterwards.
    learnCut: () => undefined,
    studiesOf: (dates) => studies(dates === undefined ? {} : { StudyDate: rangeOf(dates) }),
    countOf: (dates) => countStudies(request, dates),
    studiesByUid: (uids) => askByUid(studies, uids),
    patient: (patientId) => askPatient(find, patientId),
    glance: (wanted) => {
      const uids = wanted.map(({ uid }) => uid);
      return canGlance(request) ? identifiersOf(request, uids) : contents(uids);
    },
    contentOf: async (studyUid) => (await contents([studyUid])).get(studyUid) ?? nothing,
  };
}

type Find = (
  level: 'Study' | 'Series' | 'Instance',
  match: Match,
  tell: readonly string[],
) => Promise<FoundResource[]>;

type AskStudies = (match: Match) => Promise<SideStudy[]>;

const findBy =
  ({ orthanc, isLean, signal, persist }: OrthancSideRequest): Find =>
  (level, match, tell) =>
    persist(() => orthanc.resources.find({ level, match, tell, isLean, signal }));

const studyQuestion =
  ({ depth }: OrthancSideRequest, find: Find): AskStudies =>
  async (match) =>
    (await find('Study', match, studyKeys(depth))).map(studyIn).filter(({ uid }) => uid !== '');

const slicesOf = (studies: AskStudies, wanted: WantedSlices): ReturnType<Side['slices']> =>
  searchSlices({
    ...wanted,
    find: async (keys) => (await studies({ StudyDate: keys['StudyDate'] ?? '' })).map(({ tags }) => tags),
    cap: knownCap(Infinity),
    modalities: [],
  });

async function countStudies(
  { orthanc, isLean, persist, signal }: OrthancSideRequest,
  dates: SideDates,
): Promise<number | undefined> {
  if (!isLean) return undefined;
  const query = { level: 'Study', match: { StudyDate: rangeOf(dates) }, signal } as const;
  return await orElse(undefined, () => persist(() => orthanc.resources.count(query)));
}

async function askByUid(studies: AskStudies, uids: readonly string[]): ReturnType<Side['studiesByUid']> {
  const found: SideStudy[] = [];
  for (let at = 0; at < uids.length; at += uidsPerQuestion) {
    const list = uids.slice(at, at + uidsPerQuestion).join('\\');
    found.push(...(await studies({ StudyInstanceUID: list })));
  }
  return studiesByUid(found);
}

async function askPatient(find: Find, patientId: string): Promise<readonly Tags[]> {
  const found = await find('Study', { PatientID: patientId.replaceAll(/[*?\\]/g, '?') }, identityKeys);
  return found.map(({ tags }) => tags).filter((tags) => tags['PatientID']?.trim() === patientId);
}

const rangeOf = ({ from, to }: SideDates): string => (from === to ? from : `${from}-${to}`);

function studyIn({ id, tags }: FoundResource): SideStudy {
  const instances = Number(tags['NumberOfStudyRelatedInstances'] ?? '');
  return {
    uid: tags['StudyInstanceUID']?.trim() ?? '',
    date: studyDateIn(tags),
    tags,
    instances: instances > 0 ? instances : undefined,
    orthancId: id,
  };
}

interface ContentRequest extends OrthancSideRequest {
  readonly find: Find;
}

interface GrowingSeries extends SideSeries {
  readonly instances: Map<string, SideInstance>;
}

type Growing = Map<string, { series: Map<string, GrowingSeries>; mayBeCut: false }>;

async function contentsOf(
  request: ContentRequest,
  studyUids: readonly string[],
): Promise<ReadonlyMap<string, SideContent>> {
  const { depth, find } = request;
  const all: Growing = new Map();
  if (studyUids.length === 0 || !hasSeries(depth)) return all;
  const match = { StudyInstanceUID: studyUids.join('\\') };
  if (!hasInstances(depth) || seriesKeys(depth).length > 0) {
    const tell = ['StudyInstanceUID', 'SeriesInstanceUID', ...seriesKeys(depth)];
    for (const { id, tags } of await find('Series', match, tell)) seriesIn(all, tags, id);
  }
  if (!hasInstances(depth)) return all;
  for (const { tags, ...instance } of await instancesOf(request, match, studyUids))
    seriesIn(all, tags, instance.seriesId).instances.set(uidIn(tags, 'SOPInstanceUID'), {
      tags,
      ...instance,
    });
  return all;
}

/** The identifiers that Orthanc computes of its instances say as much as their UIDs, and cost it a tenth. */
const canGlance = ({ depth, isLean }: OrthancSideRequest): boolean =>
  isLean && depth.level === 'Instance' && instanceKeys(depth).length === 0;

async function identifiersOf(
  { orthanc, depth, isLean, persist, signal }: OrthancSideRequest,
  studyUids: readonly string[],
): Promise<ReadonlyMap<string, SideContent>> {
  const match = { StudyInstanceUID: studyUids.join('\\') };
  const tell = ['StudyInstanceUID', 'SeriesInstanceUID', ...seriesKeys(depth)];
  const query = { level: 'Series', match, tell, withChildren: true, isLean, signal } as const;
  const all = new Map<string, { series: Map<string, SideSeries>; mayBeCut: false }>();
  for (const { id, tags, childIds } of await persist(() => orthanc.resources.find(query))) {
    const studyUid = uidIn(tags, 'StudyInstanceUID');
    const study = all.get(studyUid) ?? { series: new Map<string, SideSeries>(), mayBeCut: false };
    all.set(studyUid, study);
    const series = { tags, orthancId: id, instances: new Map(), instanceIds: new Set(childIds) };
    study.series.set(uidIn(tags, 'SeriesInstanceUID'), series);
  }
  return all;
}

function seriesIn(all: Growing, tags: Tags, orthancId: string | undefined): GrowingSeries {
  const [studyUid, seriesUid] = [uidIn(tags, 'StudyInstanceUID'), uidIn(tags, 'SeriesInstanceUID')];
  const study = all.get(studyUid) ?? { series: new Map<string, GrowingSeries>(), mayBeCut: false };
  all.set(studyUid, study);
  const series = study.series.get(seriesUid) ?? { tags, orthancId, instances: new Map() };
  study.series.set(seriesUid, series);
  return series;
}

interface FoundInstance extends SideInstance {
  readonly seriesId: string | undefined;
}

async function instancesOf(
  { orthanc, depth, find, persist, signal }: ContentRequest,
  match: Match,
  studyUids: readonly string[],
): Promise<FoundInstance[]> {
  const keys = instanceKeys(depth);
  const tell = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', ...keys];
  const found =
    depth.level === 'Hash' && keys.length === 0
      ? []
      : (await find('Instance', match, tell)).map(({ id, parentId, tags }) => ({
          orthancId: id,
          seriesId: parentId,
          tags,
        }));
  if (depth.level !== 'Hash') return found;
  const stored = await persist(() => orthanc.findInstances({ studyUids, include: ['identifiers'], signal }));
  const told = new Map(found.map((instance) => [instance.orthancId, instance.tags]));
  return stored.map((instance) => ({
    orthancId: instance.id,
    seriesId: instance.seriesId,
    md5: instance.md5,
    tags: { ...told.get(instance.id), ...identifiersIn(instance) },
  }));
}

const identifiersIn = ({ identifiers }: StoredInstance): Tags => ({
  StudyInstanceUID: identifiers?.studyUid ?? '',
  SeriesInstanceUID: identifiers?.seriesUid ?? '',
  SOPInstanceUID: identifiers?.sopInstanceUid ?? '',
});
