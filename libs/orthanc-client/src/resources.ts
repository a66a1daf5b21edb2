import { asFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import { askBulkContent } from './bulk-content.ts';
import { type FoundResource, type ResourceQuery, countResources, findResources } from './find-resources.ts';
import { startJob } from './jobs.ts';
import type { Job } from './jobs.ts';
import {
  count,
  filledText,
  identifier,
  list,
  optionalCount,
  optionalFlag,
  optionalText,
  plainText,
  record,
  text,
} from './json-fields.ts';
import type { JsonRecord } from './json-fields.ts';

export type Level = 'Patient' | 'Study' | 'Series' | 'Instance';

export interface Resource {
  readonly level: Level;
  readonly id: string;
}

/** What Orthanc knows of a resource without reading a file. */
export interface ResourceFacts extends Resource {
  readonly parentId: string | undefined;
  /** Of a study: its series; of a series: its instances. */
  readonly childIds: readonly string[];
  /** Nothing has arrived for `StableAge`, by Orthanc's own clock. Undefined for an instance. */
  readonly isStable: boolean | undefined;
  /** As Orthanc writes it, in its own time zone: `20260131T235959`. Changes whenever something arrives. */
  readonly lastUpdate: string | undefined;
  readonly labels: readonly string[];
  /** Of a patient, from 1.12.8 on: whether Orthanc spares it when it makes room. */
  readonly isProtected: boolean | undefined;
  /** By keyword; patient data. What is of the patient or the study is not repeated below it. */
  readonly tags: Readonly<Record<string, string>>;
  /** By Orthanc's names: `RemoteAET` (of series and instances), `ModifiedFrom`, `AnonymizedFrom`, … */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes are those of the DICOM files and of what Orthanc keeps beside them, before compression at rest. */
export interface ResourceStatistics {
  readonly instances: number;
  readonly uncompressedSize: number;
}

/** A change of tags as Orthanc's `/modify` and `/anonymize` take it: `Replace`, `Remove`, `Keep`, `Transcode`, … */
export type TagChange = Readonly<Record<string, unknown>>;

export interface ModificationRequest {
  /** Of one level, whose identifiers are made anew along with those of what lies below. */
  readonly level: Exclude<Level, 'Patient'>;
  readonly ids: readonly string[];
  readonly change: TagChange;
  readonly priority?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Resources of any level. */
export interface Resources {
  /** All that match, in no certain order. */
  find(query: ResourceQuery): Promise<FoundResource[]>;
  /** How many match. Needs `HasExtendedFind`. */
  count(query: Pick<ResourceQuery, 'level' | 'match' | 'signal'>): Promise<number>;
  /** The resources of a level that the given ones, of any level, consist of or belong to; none for what is not there. */
  facts(level: Level, ofIds: readonly string[], signal?: AbortSignal): Promise<ResourceFacts[]>;
  /** Undefined for what is not there. */
  statistics(resource: Resource, signal?: AbortSignal): Promise<ResourceStatistics | undefined>;
  /** Makes changed copies, by a job whose identifier it gives; `productsOf` tells what it made. */
  modify(request: ModificationRequest): Promise<string>;
  /** The same, anonymised. */
  anonymize(request: ModificationRequest): Promise<string>;
  /** What a job of `modify` or `anonymize` that has succeeded has made, of every level. */
  productsOf(job: Job): Resource[];
}

const folders = { Patient: 'patients', Study: 'studies', Series: 'series', Instance: 'instances' } as const;
const levels = Object.keys(folders) as Level[];

export const pathOf = ({ level, id }: Resource): string => `/${folders[level]}/${id}`;
/** As messages show it. */
export const routeOf = ({ level }: Resource): string => `/${folders[level]}/{id}`;

function texts(value: unknown, what: string): Record<string, string> {
  const plain = Object.entries(record(value ?? {}, what)).flatMap(([name, told]) =>
    typeof told === 'string' ? [[name, told] as const] : [],
  );
  return Object.fromEntries(plain);
}

function levelIn(from: JsonRecord): Level {
  const told = text(from, 'Type');
  return levels.find((level) => level === told) ?? 'Patient';
}

function parseFacts(value: unknown): ResourceFacts {
  const from = record(value, 'a resource');
  const metadata = texts(from['Metadata'], '"Metadata"');
  const parentId = filledText(from, 'ParentSeries') ?? filledText(from, 'ParentStudy');
  return {
    level: levelIn(from),
    id: identifier(from['ID']),
    parentId: parentId ?? filledText(from, 'ParentPatient'),
    childIds: list(from['Studies'] ?? from['Series'] ?? from['Instances'] ?? [], 'the children', identifier),
    isStable: optionalFlag(from, 'IsStable'),
    lastUpdate: optionalText(from, 'LastUpdate') ?? metadata['LastUpdate'],
    labels: list(from['Labels'] ?? [], '"Labels"', plainText),
    isProtected: optionalFlag(from, 'IsProtected'),
    tags: {
      ...texts(from['PatientMainDicomTags'], '"PatientMainDicomTags"'),
      ...texts(from['MainDicomTags'], '"MainDicomTags"'),
    },
    metadata,
  };
}

/** Of what is not there, Orthanc answers zeros since 1.13. */
function parseStatistics(value: unknown): ResourceStatistics | undefined {
  const from = record(value, 'the answer');
  const uncompressedSize = count(from, 'UncompressedSize');
  const instances = optionalCount(from, 'CountInstances') ?? (uncompressedSize > 0 ? 1 : 0);
  return instances === 0 ? undefined : { instances, uncompressedSize };
}

const parseAllFacts = (value: unknown): ResourceFacts[] => list(value, 'the answer', parseFacts);

function productsOf({ content }: Job): Resource[] {
  return list(content['Resources'] ?? [], '"Resources"', (entry) => {
    const from = record(entry, 'a product');
    return { level: levelIn(from), id: identifier(from['ID']) };
  });
}

export function resourcesOf(ask: Ask): Resources {
  // The routes for several resources: unlike those for one, their job tells every product.
  const change = (path: string, request: ModificationRequest): Promise<string> => {
    const { level, ids, change: wanted, priority, signal } = request;
    const content = {
      ...wanted,
      Resources: ids,
      Level: level,
      Permissive: false,
      ...(priority !== undefined && { Priority: priority }),
    };
    return startJob(ask, { path, content, signal });
  };
  return {
    find: (query) => findResources(ask, query),
    count: (query) => countResources(ask, query),
    facts: async (level, ids, signal) =>
      ids.length === 0 ? [] : askBulkContent(ask, { ids, level, withMetadata: true, signal }, parseAllFacts),
    statistics: async ({ level, id }, signal) => {
      const path = `/${folders[level]}/${id}/statistics`;
      const question = { method: 'GET', path, route: `/${folders[level]}/{id}/statistics`, signal } as const;
      try {
        return await ask(question, parseStatistics);
      } catch (error) {
        const failure = asFailure(error);
        if (failure?.code === 'ORTHANC_NOT_FOUND' && failure.facts['isOrthancAnswer'] === true)
          return undefined;
        throw error;
      }
    },
    modify: (request) => change('/tools/bulk-modify', request),
    anonymize: (request) => change('/tools/bulk-anonymize', request),
    productsOf,
  };
}
