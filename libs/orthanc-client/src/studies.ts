import { asFailure } from '@orthanc-tools/failures';
import { askFind } from './ask-find.ts';
import type { Ask } from './ask.ts';
import { askBulkContent } from './bulk-content.ts';
import { type JsonRecord, filledText, identifier, list, record, text } from './json-fields.ts';
import type { FoundTags } from './modality-queries.ts';

/** One study as its server tells it, without its instances. */
export interface StudyHead {
  readonly id: string;
  /** Study Instance UID (0020,000D); undefined where it is empty. */
  readonly uid: string | undefined;
  readonly seriesIds: readonly string[];
  /** Undefined where it is not told, as of a study of which only the identifier is known. */
  readonly patient?: StudyPatient | undefined;
}

/** Whose study it is. */
export interface StudyPatient {
  readonly id: string;
  /** (0010,0020); patient data. */
  readonly patientId: string | undefined;
}

/** A page of study identifiers in the order of the database; `next` is where to read on. */
export interface StudyPage {
  readonly ids: readonly string[];
  readonly next: number;
  readonly isLast: boolean;
}

interface PageSettings {
  readonly from?: number;
  readonly pageSize?: number;
  readonly signal?: AbortSignal | undefined;
}

const parseIds = (value: unknown): string[] => list(value, 'the answer', identifier);

/**
 * All studies, page by page (route `GET /studies`). Each page begins with the last study of the page before; when it is not
 * there, something before it was deleted and everything moved up: the reader steps back until it finds known ground, so
 * that no study is passed over. A study may be told twice. The end is believed only when a page is shorter than another:
 * a server may tell fewer at once than it is asked for.
 */
export async function* eachStudyPage(ask: Ask, settings: PageSettings = {}): AsyncGenerator<StudyPage> {
  const { from = 0, pageSize = 1000, signal } = settings;
  const read = (since: number) => {
    const path = `/studies?since=${String(since)}&limit=${String(pageSize)}`;
    return ask({ method: 'GET', path, isFixedRoute: true, signal }, parseIds);
  };
  // The last two pages: ground on which a step back can land.
  let known: readonly string[] = [];
  let [start, longest, overlap] = [from, 0, 0];
  for (;;) {
    const ids = await read(start);
    const isOnKnownGround = overlap === 0 || (ids[0] !== undefined && known.includes(ids[0]));
    if (!isOnKnownGround && start > 0) {
      start = Math.max(0, start - Math.max(1, Math.floor(pageSize / 2)));
      continue;
    }
    const isLast = ids.length < longest || ids.length === 0;
    longest = Math.max(longest, ids.length);
    const next = start + ids.length;
    const before = new Set(known);
    yield { ids: ids.filter((id) => !before.has(id)), next, isLast };
    if (isLast) return;
    known = [...known.slice(-pageSize), ...ids];
    // A server that tells one at a time would tell the same one for ever.
    overlap = longest > 1 ? 1 : 0;
    start = next - overlap;
  }
}

function mainTag(tag: string): (value: unknown) => string {
  return (value) => text(record(record(value, 'the answer')['MainDicomTags'], '"MainDicomTags"'), tag);
}

/** Study Instance UID (0020,000D) of a study. */
export function readStudyUid(ask: Ask, studyId: string, signal?: AbortSignal): Promise<string> {
  return ask({ method: 'GET', path: `/studies/${studyId}`, signal }, mainTag('StudyInstanceUID'));
}

/** Series Instance UID (0020,000E) of a series. */
export function readSeriesUid(ask: Ask, seriesId: string, signal?: AbortSignal): Promise<string> {
  return ask({ method: 'GET', path: `/series/${seriesId}`, signal }, mainTag('SeriesInstanceUID'));
}

/**
 * The instances of a study, by Orthanc's identifiers alone: the cheapest way to list them, and one that `LimitFindInstances`
 * does not cut. Empty for a study that is not there.
 */
export async function readInstanceIds(ask: Ask, studyId: string, signal?: AbortSignal): Promise<string[]> {
  const path = `/studies/${studyId}/instances?expand=false`;
  try {
    return await ask({ method: 'GET', path, route: '/studies/{id}/instances', signal }, parseIds);
  } catch (error) {
    const failure = asFailure(error);
    if (failure?.code === 'ORTHANC_NOT_FOUND' && failure.facts['isOrthancAnswer'] === true) return [];
    throw error;
  }
}

const parseParents = (value: unknown): string[] => [
  ...new Set(list(value, 'the answer', (parent) => identifier(record(parent, 'a parent')['ID']))),
];

/**
 * The studies or series to which instances belong, each once, by one `POST /tools/bulk-content`. Those that are no
 * longer there are left out. Costs Orthanc 0.04 ms of CPU per instance in lists of 1,000, against 0.56 ms one by one.
 */
export async function parentsOf(
  ask: Ask,
  instanceIds: readonly string[],
  { level, signal }: { readonly level: 'Study' | 'Series'; readonly signal?: AbortSignal | undefined },
): Promise<string[]> {
  if (instanceIds.length === 0) return [];
  return askBulkContent(ask, { ids: instanceIds, level, isShort: true, signal }, parseParents);
}

function parseHead(value: unknown): StudyHead {
  const from = record(value, 'a study');
  const tags = record(from['MainDicomTags'], '"MainDicomTags"');
  return {
    id: identifier(from['ID']),
    uid: filledText(tags, 'StudyInstanceUID'),
    seriesIds: list(from['Series'], '"Series"', identifier),
    patient: {
      id: identifier(from['ParentPatient']),
      patientId: tagsIn(from, 'PatientMainDicomTags')['PatientID'],
    },
  };
}

export const parseHeads = (value: unknown): StudyHead[] => list(value, 'the answer', parseHead);

/** Several studies by one `POST /tools/bulk-content`, in no certain order; those that are not there are left out. */
export async function readHeads(
  ask: Ask,
  studyIds: readonly string[],
  signal?: AbortSignal,
): Promise<StudyHead[]> {
  if (studyIds.length === 0) return [];
  return askBulkContent(ask, { ids: studyIds, level: 'Study', signal }, parseHeads);
}

function tagsIn(from: JsonRecord, field: string): Record<string, string> {
  const tags = record(from[field] ?? {}, `"${field}"`);
  return Object.fromEntries(
    Object.entries(tags).flatMap(([keyword, told]) => (typeof told === 'string' ? [[keyword, told]] : [])),
  );
}

function parseFound(value: unknown): FoundTags {
  const from = record(value, 'a study');
  return {
    ...tagsIn(from, 'PatientMainDicomTags'),
    ...tagsIn(from, 'MainDicomTags'),
    ...tagsIn(from, 'RequestedTags'),
  };
}

const parseFoundStudies = (value: unknown): FoundTags[] => list(value, 'the answer', parseFound);

/**
 * The studies of this Orthanc that match keys as those of C-FIND do; an empty key is only to be told. A server may tell
 * fewer than it holds (`LimitFindResults`).
 */
export function findStudies(
  ask: Ask,
  keys: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<FoundTags[]> {
  const content = {
    Level: 'Study',
    Query: Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== '')),
    Expand: true,
    RequestedTags: Object.keys(keys),
  };
  return askFind(ask, content, parseFoundStudies, signal);
}
