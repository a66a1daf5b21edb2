import { askFind } from './ask-find.ts';
import type { Ask } from './ask.ts';
import { filledText, identifier, list, optionalText, plainText, record } from './json-fields.ts';
import type { JsonRecord } from './json-fields.ts';

/** A study as a search tells it. Holds patient data: never to be logged as a whole. */
export interface ListedStudy {
  readonly id: string;
  readonly patientId: string;
  readonly labels: readonly string[];
  /** As Orthanc writes it, in UTC: `20260131T235959`. */
  readonly lastUpdate: string | undefined;
  /** Of its series; empty where it was not asked for. */
  readonly modalities: readonly string[];
  /** Empty where they were not asked for. */
  readonly seriesIds: readonly string[];
  /** Main tags of the study and its patient, by keyword. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Which studies; all that is said must be met. */
export interface StudyQuery {
  /** One of these. */
  readonly labels?: readonly string[] | undefined;
  /** Study date on this day or before, `YYYYMMDD`; a study without a date is none of these. */
  readonly untilStudyDate?: string | undefined;
  /** One of these Study Instance UIDs: see `plainUid`. */
  readonly studyUids?: readonly string[] | undefined;
  readonly withSeries?: boolean | undefined;
  /** Modalities cost the server time. */
  readonly withModalities?: boolean | undefined;
  readonly pageSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const usualPage = 500;

/**
 * Studies that meet a query, page by page, by `POST /tools/find`. A server may tell fewer at once than it is asked for
 * (`LimitFindResults`): only an empty page is the end. What is stored or deleted meanwhile may be told twice or not at
 * all.
 */
export async function* listStudies(
  ask: Ask,
  query: StudyQuery,
  hasExtendedFind: boolean,
): AsyncGenerator<readonly ListedStudy[]> {
  for (let since = 0; ;) {
    const content = contentOf(query, { since, hasExtendedFind });
    const page = await askFind(ask, content, parsePage, query.signal);
    if (page.length === 0) return;
    yield page;
    since += page.length;
  }
}

interface Position {
  readonly since: number;
  readonly hasExtendedFind: boolean;
}

function contentOf(query: StudyQuery, { since, hasExtendedFind }: Position): Record<string, unknown> {
  const { labels, untilStudyDate, studyUids, withSeries = false, withModalities = false } = query;
  const told = ['MainDicomTags', 'Metadata', 'Labels', 'Parent', ...(withSeries ? ['Children'] : [])];
  return {
    Level: 'Study',
    Query: {
      ...(untilStudyDate !== undefined && { StudyDate: `-${untilStudyDate}` }),
      ...(studyUids !== undefined && { StudyInstanceUID: studyUids.join('\\') }),
    },
    ...(labels !== undefined && { Labels: labels, LabelsConstraint: 'Any' }),
    ...(hasExtendedFind ? { ResponseContent: told } : { Expand: true }),
    ...(withModalities && { RequestedTags: ['ModalitiesInStudy'] }),
    Limit: query.pageSize ?? usualPage,
    Since: since,
  };
}

const parsePage = (value: unknown): ListedStudy[] => list(value, 'the answer', parseListed);

function parseListed(value: unknown): ListedStudy {
  const from = record(value, 'a study');
  const metadata = record(from['Metadata'] ?? {}, '"Metadata"');
  const requested = record(from['RequestedTags'] ?? {}, '"RequestedTags"');
  return {
    id: identifier(from['ID']),
    patientId: identifier(from['ParentPatient']),
    labels: list(from['Labels'] ?? [], '"Labels"', plainText),
    lastUpdate: filledText(metadata, 'LastUpdate') ?? filledText(from, 'LastUpdate'),
    modalities: (filledText(requested, 'ModalitiesInStudy') ?? '').split('\\').filter((one) => one !== ''),
    seriesIds: list(from['Series'] ?? [], 'the series', identifier),
    tags: { ...textsIn(from, 'PatientMainDicomTags'), ...textsIn(from, 'MainDicomTags') },
  };
}

function textsIn(from: JsonRecord, field: string): Record<string, string> {
  const tags = record(from[field] ?? {}, `"${field}"`);
  return Object.fromEntries(
    Object.keys(tags).flatMap((name) => {
      const told = optionalText(tags, name);
      return told === undefined ? [] : [[name, told] as const];
    }),
  );
}

/**
 * A moment as Orthanc writes it in UTC: `20260131T235959` in metadata, `20260131T235959.123456` of a job. Ms since 1970;
 * undefined for anything else.
 */
export function momentIn(written: string | undefined): number | undefined {
  const [, year, month, day, hours, minutes, seconds, thousandths = 0] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:\.(\d{3}))?/.exec(written ?? '') ?? [];
  if (seconds === undefined) return undefined;
  const date = [Number(year), Number(month) - 1, Number(day)] as const;
  return Date.UTC(...date, Number(hours), Number(minutes), Number(seconds), Number(thousandths));
}
