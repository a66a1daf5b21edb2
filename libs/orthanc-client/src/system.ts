import {
  count,
  filledText,
  optionalCount,
  optionalFlag,
  optionalText,
  plainText,
  record,
  text,
} from './json-fields.ts';
import type { JsonRecord } from './json-fields.ts';
import { UnreadableAnswer } from './unreadable-answer.ts';

/** What `GET /system` tells. What an older Orthanc does not tell is undefined. */
export interface SystemFacts {
  readonly version: string;
  readonly apiVersion: number;
  readonly name: string | undefined;
  readonly aet: string | undefined;
  readonly dicomPort: number | undefined;
  readonly httpPort: number | undefined;
  /** Made from the hostname and network interfaces too: two Orthancs of one machine have the same. */
  readonly databaseIdentifier: string | undefined;
  readonly databasePlugin: string | undefined;
  readonly storagePlugin: string | undefined;
  readonly hasExtendedFind: boolean;
  readonly hasExtendedChanges: boolean;
  /**
   * For each resource that is asked for by its identifier the index is searched through: so do 1.12.5 to 1.13.0 on SQLite. Measured:
   * 0.4 ms of CPU for each file that is read among 500 instances, 1.2 among 10,000, 11 among 75,000. See decision 0036.
   */
  readonly searchesForEach: boolean;
  readonly hasLabels: boolean;
  /** `/tools/find` tells of patients whether they are protected (1.12.8). */
  readonly findsProtection: boolean;
  /** Numbers of user metadata by their names, as the configuration gives them (1.12.0). */
  readonly userMetadata: ReadonlyMap<string, number>;
  readonly isReadOnly: boolean;
  /** What has changed since it was read is not replaced (1.9.2, and a database that counts revisions). */
  readonly checksRevisions: boolean;
  /** `Never`, `Always`, `IfChanged`; before 1.13 worked out from the older true or false. */
  readonly overwrite: string | undefined;
  readonly storesMd5: boolean | undefined;
  readonly storageCompression: boolean | undefined;
  /** Transfer syntax to which everything is converted on arrival; undefined when not told, '' when none. */
  readonly ingestTranscoding: string | undefined;
  readonly maximumStorageSizeMb: number | undefined;
  readonly maximumStorageMode: string | undefined;
  readonly maximumPatientCount: number | undefined;
  readonly httpThreads: number | undefined;
}

type Limits = Pick<
  SystemFacts,
  'maximumStorageSizeMb' | 'maximumStorageMode' | 'maximumPatientCount' | 'httpThreads'
>;

function limitsIn(from: JsonRecord): Limits {
  const performance = record(from['Performance'] ?? {}, '"Performance"');
  return {
    maximumStorageSizeMb: optionalCount(from, 'MaximumStorageSize'),
    maximumStorageMode: filledText(from, 'MaximumStorageMode'),
    maximumPatientCount: optionalCount(from, 'MaximumPatientCount'),
    httpThreads: optionalCount(performance, 'HttpThreadsCount'),
  };
}

function overwriteIn(from: JsonRecord): string | undefined {
  const overwrites = optionalFlag(from, 'OverwriteInstances');
  const before13 = overwrites === undefined ? undefined : overwrites ? 'Always' : 'Never';
  return filledText(from, 'OverwriteInstancesMode') ?? before13;
}

const numbersIn = (from: JsonRecord): Map<string, number> =>
  new Map(Object.keys(from).map((name) => [name, count(from, name)]));

/** A version without numbers, as a build between two releases has it, is not believed to be newer. */
function isFrom(version: string, [major, minor, patch]: readonly [number, number, number]): boolean {
  const [, ...told] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  const [a = 0, b = 0, c = 0] = told.map(Number);
  return a > major || (a === major && (b > minor || (b === minor && c >= patch)));
}

export function parseSystem(value: unknown): SystemFacts {
  const from = record(value, 'the answer');
  const capabilities = record(from['Capabilities'] ?? {}, '"Capabilities"');
  const [version, databasePlugin] = [text(from, 'Version'), filledText(from, 'DatabaseBackendPlugin')];
  const hasExtendedFind = optionalFlag(capabilities, 'HasExtendedFind') ?? false;
  return {
    version,
    apiVersion: count(from, 'ApiVersion'),
    name: filledText(from, 'Name'),
    aet: filledText(from, 'DicomAet'),
    dicomPort: optionalCount(from, 'DicomPort'),
    httpPort: optionalCount(from, 'HttpPort'),
    databaseIdentifier: filledText(from, 'DatabaseServerIdentifier'),
    databasePlugin,
    storagePlugin: filledText(from, 'StorageAreaPlugin'),
    hasExtendedFind,
    searchesForEach: databasePlugin === undefined && hasExtendedFind && !isFrom(version, [1, 13, 1]),
    hasExtendedChanges: optionalFlag(capabilities, 'HasExtendedChanges') ?? false,
    hasLabels: optionalFlag(from, 'HasLabels') ?? false,
    findsProtection: isFrom(version, [1, 12, 8]),
    userMetadata: numbersIn(record(from['UserMetadata'] ?? {}, '"UserMetadata"')),
    isReadOnly: optionalFlag(from, 'ReadOnly') ?? false,
    checksRevisions: optionalFlag(from, 'CheckRevisions') ?? false,
    overwrite: overwriteIn(from),
    storesMd5: optionalFlag(from, 'StoreMD5ForAttachments'),
    storageCompression: optionalFlag(from, 'StorageCompression'),
    ingestTranscoding: optionalText(from, 'IngestTranscoding'),
    ...limitsIn(from),
  };
}

/** What `GET /statistics` tells; sizes in bytes. */
export interface Statistics {
  readonly patients: number;
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
  readonly diskSize: number;
  readonly uncompressedSize: number;
}

export function parseStatistics(value: unknown): Statistics {
  const from = record(value, 'the answer');
  return {
    patients: count(from, 'CountPatients'),
    studies: count(from, 'CountStudies'),
    series: count(from, 'CountSeries'),
    instances: count(from, 'CountInstances'),
    diskSize: count(from, 'TotalDiskSize'),
    uncompressedSize: count(from, 'TotalUncompressedSize'),
  };
}

/** What `GET /tools/now` tells, in UTC: `20260131T235959`. */
export function parseNow(value: unknown): Date {
  const told = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(plainText(value));
  if (told === null) throw new UnreadableAnswer('it is not a time');
  const [, year, month, day, hours, minutes, seconds] = told.map(Number);
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hours, minutes, seconds));
}
