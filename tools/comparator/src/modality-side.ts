import { asFailure } from '@orthanc-tools/failures';
import type { FoundTags } from '@orthanc-tools/orthanc-client';
import { type KnownCap, knownCap, searchSlices, usualModalities } from '@orthanc-tools/study-search';
import type { Tags } from './attributes.ts';
import { type Depth, hasInstances, hasSeries, instanceKeys, seriesKeys, studyKeys } from './depth.ts';
import { halving } from './halving.ts';
import { identityKeys } from './identity.ts';
import { itemFailure } from './item-failure.ts';
import { type RelationalTrust, relationalTrust } from './relational-trust.ts';
import type { Side, SideContent, SideInstance, SideSeries, SideStudy } from './side.ts';
import { studiesByUid } from './studies-by-uid.ts';

type QueryLevel = 'Study' | 'Series' | 'Instance';

export type Find = (
  level: QueryLevel,
  keys: Readonly<Record<string, string>>,
) => Promise<readonly FoundTags[]>;

export interface ModalitySideRequest {
  readonly alias: string;
  readonly depth: Depth;
  /** The most answers that the modality gives; undefined: to be found out. */
  readonly cap: number | undefined;
  /** One C-FIND, with the patience that is wanted. */
  readonly find: Find;
  /** The same without patience: for questions that many refuse. */
  readonly findOnce: Find;
  /** Whether questions for several studies at once, below study level, are to be tried at all. */
  readonly asksRelationally: boolean;
  onNote(code: string, message: string): void;
}

/** Below any cap that somebody would configure. */
const uidsPerQuestion = 40;

/** A modality, asked by C-FIND: what it does not tell may be there nevertheless, so that it is asked again, by UID. */
export function modalitySide(request: ModalitySideRequest): Side {
  const { alias, depth, find } = request;
  const caps = { study: knownCap(request.cap), below: knownCap(request.cap) };
  const halves = halving();
  const glancing = { ...request, below: caps.below, trust: relationalTrust(request) };
  return {
    name: alias,
    tellsAll: false,
    slices: (wanted) =>
      searchSlices({
        ...wanted,
        find: async (keys) => halves.noting(await find('Study', keys)),
        halves: halves.isWanted,
        cap: wanted.cap ?? caps.study,
        modalities: usualModalities,
        alsoTold: studyKeys(depth).filter((key) => key !== 'StudyDate'),
      }),
    learnCut: (told) => {
      caps.study.learn(told, told + 1, true);
    },
    studiesOf: async (dates) => {
      const days = dates === undefined ? '' : `${dates.from}-${dates.to}`;
      return (await find('Study', { ...emptyKeys(studyKeys(depth)), StudyDate: days })).map(studyFrom);
    },
    countOf: () => Promise.resolve(undefined),
    studiesByUid: studyQuestions(request, caps.study),
    patient: (patientId) => askPatient(request, patientId),
    glance: (studies) => glanceAt(glancing, studies),
    contentOf: (studyUid, known) => contentOf({ ...request, cap: caps.below }, studyUid, known),
  };
}

function studyQuestions({ depth, find }: ModalitySideRequest, cap: KnownCap): Side['studiesByUid'] {
  const byUid = uidQuestions(cap);
  const question = emptyKeys(studyKeys(depth));
  return async (uids) => {
    const told: SideStudy[] = [];
    const ask = async (some: readonly string[]) => {
      const answers = await find('Study', { ...question, StudyInstanceUID: some.join('\\') });
      told.push(...answers.map(studyFrom));
      return answers;
    };
    const found = await byUid(ask, { uids, keyword: 'StudyInstanceUID' });
    return studiesByUid(told.filter(({ uid }) => found.has(uid)));
  };
}

async function askPatient({ find }: ModalitySideRequest, patientId: string): Promise<readonly Tags[]> {
  const id = patientId.replaceAll(/[*\\]/g, '?');
  const found = await find('Study', { ...emptyKeys(identityKeys), PatientID: id, StudyInstanceUID: '' });
  return found.filter((tags) => tags['PatientID']?.trim() === patientId);
}

interface Glancing extends ModalitySideRequest {
  readonly trust: RelationalTrust;
  /** Of answers below study level. */
  readonly below: KnownCap;
}

async function glanceAt(
  { trust, below, ...request }: Glancing,
  studies: readonly SideStudy[],
): ReturnType<Side['glance']> {
  if (!hasSeries(request.depth) || !trust.mayAsk()) return undefined;
  const answers = await askRelationally(request, studies);
  const contents = answers && contentsIn(answers, studies);
  trust.learn(studies, contents);
  if (answers === undefined || contents === undefined) return undefined;
  const mayBeCut = below.mayBeCut(answers.length);
  below.notice(answers.length);
  return mayBeCut ? wholeOnes(contents, studies, answers) : contents;
}

const emptyKeys = (keywords: readonly string[]): Record<string, string> =>
  Object.fromEntries(keywords.map((keyword) => [keyword, '']));

const uidIn = (tags: Tags, keyword: string): string => tags[keyword]?.trim() ?? '';

function studyFrom(tags: FoundTags): SideStudy {
  const instances = Number(tags['NumberOfStudyRelatedInstances'] ?? '');
  return {
    uid: uidIn(tags, 'StudyInstanceUID'),
    date: (tags['StudyDate'] ?? '').replaceAll(/\D/g, '').slice(0, 8),
    tags,
    instances: Number.isInteger(instances) && instances > 0 ? instances : undefined,
    orthancId: undefined,
  };
}

interface UidQuestion {
  readonly uids: readonly string[];
  readonly keyword: string;
}

type AskByUid = (uids: readonly string[]) => Promise<readonly FoundTags[]>;

/**
 * Asks for lists of UIDs (DICOM PS3.4 C.2.2.2.2) as long as the modality answers them, and for each that was not told by
 * itself: only that answer says that something is not there.
 */
function uidQuestions(cap: KnownCap) {
  /** The longest list that was read to its end, as its last UID was told: one no longer that tells nothing is believed. */
  let readLength = 0;
  return async (ask: AskByUid, { uids, keyword }: UidQuestion): Promise<Map<string, FoundTags>> => {
    const found = new Map<string, FoundTags>();
    const note = (answers: readonly FoundTags[], asked: ReadonlySet<string>) => {
      for (const tags of answers) if (asked.has(uidIn(tags, keyword))) found.set(uidIn(tags, keyword), tags);
    };
    const single: string[] = [];
    for (let at = 0; at < uids.length; at += uidsPerQuestion) {
      const some = uids.slice(at, at + uidsPerQuestion);
      const answers = some.length === 1 ? await ask(some) : await unlessRefused(() => ask(some));
      if (answers === undefined) {
        single.push(...some);
        continue;
      }
      note(answers, new Set(some));
      const told = some.filter((uid) => found.has(uid)).length;
      if (told > 1 && found.has(some.at(-1) ?? '')) readLength = Math.max(readLength, some.length);
      const isSure = some.length === 1 || (some.length <= readLength && !cap.mayBeCut(answers.length));
      if (!isSure) single.push(...some.filter((uid) => !found.has(uid)));
    }
    for (const uid of single) note(await ask([uid]), new Set([uid]));
    return found;
  };
}

/** Some modalities refuse lists, which says nothing of what is there. */
async function unlessRefused<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (itemFailure(error) === undefined) throw error;
    return undefined;
  }
}

interface GrowingSeries extends SideSeries {
  readonly instances: Map<string, SideInstance>;
}

type Growing = Map<string, { series: Map<string, GrowingSeries>; mayBeCut: boolean }>;

/** Series or images of several studies by one question (relational query, DICOM PS3.4 C.4.1.2.2.2). */
async function askRelationally(
  { depth, findOnce }: ModalitySideRequest,
  studies: readonly SideStudy[],
): Promise<readonly FoundTags[] | undefined> {
  const level = hasInstances(depth) ? 'Instance' : 'Series';
  const keywords = ['SeriesInstanceUID', ...seriesKeys(depth)];
  const question = {
    ...emptyKeys(level === 'Series' ? keywords : [...keywords, 'SOPInstanceUID', ...instanceKeys(depth)]),
    StudyInstanceUID: studies.map(({ uid }) => uid).join('\\'),
  };
  return await findOnce(level, question).catch((error: unknown) => {
    if (asFailure(error) === undefined) throw error;
    return undefined;
  });
}

function contentsIn(answers: readonly FoundTags[], studies: readonly SideStudy[]): Growing {
  const all: Growing = new Map(
    studies.map(({ uid }) => [uid, { series: new Map<string, GrowingSeries>(), mayBeCut: true }]),
  );
  for (const tags of answers) {
    const study = all.get(uidIn(tags, 'StudyInstanceUID'));
    const seriesUid = uidIn(tags, 'SeriesInstanceUID');
    if (study === undefined || seriesUid === '') continue;
    const series = study.series.get(seriesUid) ?? { tags, instances: new Map(), mayBeCut: true };
    study.series.set(seriesUid, series);
    const sopInstanceUid = uidIn(tags, 'SOPInstanceUID');
    if (sopInstanceUid !== '') series.instances.set(sopInstanceUid, { tags });
  }
  return all;
}

/** Of an answer that may have been cut, the studies that came whole: all images that are counted, or told before another. */
function wholeOnes(contents: Growing, studies: readonly SideStudy[], answers: readonly FoundTags[]): Growing {
  const uids = answers.map((tags) => uidIn(tags, 'StudyInstanceUID'));
  const inTurn = uids.filter((uid, at) => uid !== uids[at - 1]);
  const areInTurn = new Set(inTurn).size === inTurn.length;
  const passed = new Set(areInTurn ? inTurn.slice(0, -1) : []);
  const imagesOf = (uid: string): number =>
    [...(contents.get(uid)?.series.values() ?? [])].reduce((sum, { instances }) => sum + instances.size, 0);
  const isWhole = ({ uid, instances }: SideStudy) => passed.has(uid) || imagesOf(uid) === instances;
  const whole = new Set(studies.filter(isWhole).map(({ uid }) => uid));
  return new Map([...contents].filter(([uid]) => whole.has(uid)));
}

interface ContentRequest extends Pick<ModalitySideRequest, 'depth' | 'find'> {
  readonly cap: KnownCap;
}

/** The series of a study, and the images of each: hierarchical questions, which every modality answers. */
async function contentOf(
  request: ContentRequest,
  studyUid: string,
  known: SideContent,
): Promise<SideContent> {
  const { depth, find, cap } = request;
  const keys = emptyKeys(['SeriesInstanceUID', 'NumberOfSeriesRelatedInstances', ...seriesKeys(depth)]);
  const ask = (uids: readonly string[]) =>
    find('Series', { ...keys, StudyInstanceUID: studyUid, SeriesInstanceUID: uids.join('\\') });
  const answers = (await ask([])).filter((tags) => isOf(tags, 'StudyInstanceUID', studyUid));
  const mayBeCut = cap.mayBeCut(answers.length);
  cap.notice(answers.length);
  const heads = byKeyword(answers, 'SeriesInstanceUID');
  const hidden = await addKnown({ heads, known: known.series, keyword: 'SeriesInstanceUID', ask, cap });
  const series = new Map<string, SideSeries>();
  for (const [seriesUid, tags] of heads) {
    const ofKnown = known.series.get(seriesUid)?.instances ?? new Map();
    const one = await seriesOf(request, { studyUid, seriesUid, tags, known: ofKnown });
    series.set(seriesUid, one);
  }
  return { series, mayBeCut: mayBeCut || hidden > 0 };
}

interface SeriesQuestion {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly tags: FoundTags;
  readonly known: ReadonlyMap<string, SideInstance>;
}

async function seriesOf(request: ContentRequest, question: SeriesQuestion): Promise<SideSeries> {
  const { depth, find, cap } = request;
  const { studyUid, seriesUid, tags, known } = question;
  const number = Number(tags['NumberOfSeriesRelatedInstances'] ?? '');
  const told = Number.isInteger(number) && number > 0 ? number : undefined;
  if (!hasInstances(depth)) return { tags, told, instances: new Map() };
  const keys = emptyKeys(instanceKeys(depth));
  const parents = { StudyInstanceUID: studyUid, SeriesInstanceUID: seriesUid };
  const ask = (uids: readonly string[]) =>
    find('Instance', { ...keys, ...parents, SOPInstanceUID: uids.join('\\') });
  const answers = (await ask([])).filter((image) => isOf(image, 'SeriesInstanceUID', seriesUid));
  const images = byKeyword(answers, 'SOPInstanceUID');
  // A number that is told decides; without it, only a number of answers that looks like a limit gives rise to doubt.
  const mayBeCut = told === undefined ? cap.mayBeCut(answers.length) : told > images.size;
  cap.notice(answers.length);
  // Who names as many as it counts has named all.
  const hidden =
    told === answers.length
      ? 0
      : await addKnown({ heads: images, known, keyword: 'SOPInstanceUID', ask, cap });
  const instances = new Map([...images].map(([uid, image]) => [uid, { tags: image }]));
  return { tags, told, instances, mayBeCut: mayBeCut || hidden > 0 };
}

interface Addition {
  readonly heads: Map<string, FoundTags>;
  readonly known: ReadonlyMap<string, unknown>;
  readonly keyword: string;
  readonly cap: KnownCap;
  ask(uids: readonly string[]): Promise<readonly FoundTags[]>;
}

/** What the other side knows and this one did not tell is asked for by name. Gives how many of it are hidden. */
async function addKnown({ heads, known, keyword, ask, cap }: Addition): Promise<number> {
  const uids = [...known.keys()].filter((uid) => !heads.has(uid));
  if (uids.length === 0) return 0;
  const found = await uidQuestions(cap)(ask, { uids, keyword });
  for (const [uid, tags] of found) heads.set(uid, tags);
  if (found.size === 0) return 0;
  // What has come meanwhile was not hidden.
  const again = byKeyword(await ask([]), keyword);
  return [...found.keys()].filter((uid) => !again.has(uid)).length;
}

function byKeyword(answers: readonly FoundTags[], keyword: string): Map<string, FoundTags> {
  const found = new Map(answers.map((tags) => [uidIn(tags, keyword), tags]));
  found.delete('');
  return found;
}

/** An answer that names another parent than was asked for is none; one that names no parent is. */
const isOf = (tags: Tags, keyword: string, uid: string): boolean => [uid, ''].includes(uidIn(tags, keyword));
