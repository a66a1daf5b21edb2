import { answerLengths } from './answer-lengths.ts';
import type { Question } from './ask.ts';
import { type BelongingsRoutes, belongingsOf } from './belongings-routes.ts';
import { type ChangePage, type ChangeQuery, readChanges, readLastChange, readReached } from './changes.ts';
import { controlAsk } from './control-ask.ts';
import { type DicomWeb, dicomWebAt } from './dicom-web.ts';
import { type Destinations, destinationsOf } from './destinations.ts';
import { expandInstances } from './expand-instances.ts';
import { type ChangedFiles, changedFilesOf } from './changed-files.ts';
import { type Instances, instancesOf } from './instances.ts';
import { type Jobs, jobsOf } from './jobs.ts';
import { type Labels, labelsOf } from './labels.ts';
import type { FoundTags } from './modality-queries.ts';
import type { OrthancConnection } from './orthanc-connection.ts';
import { parseNames } from './json-fields.ts';
import { leanAsk } from './lean-ask.ts';
import { type ListedStudy, type StudyQuery, listStudies } from './listed-studies.ts';
import { type Patients, patientsOf } from './patients.ts';
import { findDicomWebRoot } from './plugins.ts';
import { isKnown } from './is-known.ts';
import { fileSender } from './send-file.ts';
import { type Resources, resourcesOf } from './resources.ts';
import { type InstanceQuery, type StoredInstance, findInstances } from './stored-instances.ts';
import {
  type StudyHead,
  type StudyPage,
  eachStudyPage,
  findStudies,
  parentsOf,
  readInstanceIds,
  readHeads,
  readSeriesUid,
  readStudyUid,
} from './studies.ts';
import { type HeadAsking, headsAlike, headsOfPage } from './study-heads.ts';
import { type Statistics, type SystemFacts, parseNow, parseStatistics, parseSystem } from './system.ts';
import { type CountedStudy, instanceIdsOfEach, seriesOf } from './instance-ids-of-each.ts';
import { instancesOfEach } from './instances-of-each.ts';
import { lazyWire } from './wire.ts';

/** One Orthanc, by its nouns. No call repeats a request that failed (see `Ask`); each gives a checked value or throws a failure. */
export interface Orthanc extends AsyncDisposable, Destinations {
  /** Root of the REST API, without credentials. */
  readonly url: string;
  /** Always asked anew; `limit` in ms. */
  system(signal?: AbortSignal, limit?: number): Promise<SystemFacts>;
  statistics(signal?: AbortSignal): Promise<Statistics>;
  /** Orthanc's own clock. */
  now(): Promise<Date>;
  plugins(): Promise<string[]>;
  readonly changes: Changes;
  readonly studies: Studies;
  readonly series: {
    uid(seriesId: string, signal?: AbortSignal): Promise<string>;
    /** The series to which the instances belong, each once; those no longer there are left out. */
    ofInstances(instanceIds: readonly string[], signal?: AbortSignal): Promise<string[]>;
  };
  readonly instances: Instances & ChangedFiles;
  readonly resources: Resources;
  /** Needs `HasExtendedFind`. */
  findInstances(query: InstanceQuery): Promise<StoredInstance[]>;
  readonly jobs: Jobs;
  readonly labels: Labels;
  readonly belongings: BelongingsRoutes;
  readonly patients: Patients;
  /** The DICOMweb plugin; undefined when the server has none. Looked for once. */
  dicomWeb(): Promise<DicomWeb | undefined>;
  /** Any other call: its JSON, unchecked. */
  call(question: Question): Promise<unknown>;
}

export interface Changes {
  read(query: ChangeQuery): Promise<ChangePage>;
  /** The sequence number of the newest change; 0 in an empty log. */
  last(signal?: AbortSignal): Promise<number>;
  /** How far the log has come: see `readReached`. */
  reached(position: number, signal?: AbortSignal): Promise<number>;
  /**
   * An entry may appear after others with higher numbers were read: so where the index lies in a database server, which
   * gives a number before it commits what stands under it, and has several writers side by side. Orthanc's own index has
   * one writer.
   */
  mayComeLate(): Promise<boolean>;
}

export interface Studies {
  /** All studies; a study may be told twice, none is passed over when others are deleted meanwhile. */
  pages(from?: number, signal?: AbortSignal): AsyncGenerator<StudyPage>;
  /** Those that meet a query, page by page; what is stored or deleted meanwhile may be told twice or not at all. */
  list(query?: StudyQuery): AsyncGenerator<readonly ListedStudy[]>;
  /** Of everything that the study holds; empty when Orthanc does not know the study. */
  instanceIds(studyId: string, signal?: AbortSignal): Promise<string[]>;
  /** The same of several studies of which it is known how much they held; one that is not there holds nothing. */
  instanceIdsOfEach(
    studies: readonly CountedStudy[],
    signal?: AbortSignal,
  ): Promise<Map<string, readonly string[]>>;
  uid(studyId: string, signal?: AbortSignal): Promise<string>;
  /** Whether the server knows the study. */
  exists(studyId: string, signal?: AbortSignal): Promise<boolean>;
  /**
   * Those that match keys as those of C-FIND do, with all tags that are told of them: patient data. An empty key is only
   * to be told. A server may tell fewer than it holds (`LimitFindResults`).
   */
  find(keys: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<FoundTags[]>;
  /** Several studies at once; those that are not there are left out. */
  heads(studyIds: readonly string[], signal?: AbortSignal): Promise<StudyHead[]>;
  /** Those of all studies, page by page, as `pages` tells them. */
  headPages(signal?: AbortSignal): AsyncGenerator<readonly StudyHead[]>;
  /** What this server knows of studies of which another one has told. */
  headsAlike(heads: readonly StudyHead[], signal?: AbortSignal): Promise<StudyHead[]>;
  /** The studies to which the instances belong, each once; those no longer there are left out. */
  ofInstances(instanceIds: readonly string[], signal?: AbortSignal): Promise<string[]>;
  /** Everything that the study holds; empty when Orthanc does not know the study. */
  instances(studyId: string, signal?: AbortSignal): Promise<StoredInstance[]>;
  /** The same of several studies, by their Orthanc identifiers: one request for all where that is possible. */
  instancesOfEach(
    heads: readonly StudyHead[],
    signal?: AbortSignal,
    include?: InstanceQuery['include'],
  ): Promise<Map<string, readonly StoredInstance[]>>;
}

/** Opens nothing yet: the first call connects. Disposing gives up all connections. */
export function connectOrthanc(connection: OrthancConnection): Orthanc {
  const wire = lazyWire(connection);
  const control = controlAsk(wire);
  const lean = leanAsk(wire);
  const lengths = answerLengths();
  let facts: SystemFacts | undefined;
  let webRoot: Promise<string | undefined> | undefined;

  const resources = resourcesOf(lean);
  const find = async (query: InstanceQuery) => {
    const names = query.include?.includes('belongings') ? (await knownFacts()).userMetadata : undefined;
    return findInstances(lean, query, lengths, names);
  };
  const readStudy = async (studyId: string, signal?: AbortSignal, include?: InstanceQuery['include']) =>
    (await knownFacts()).hasExtendedFind
      ? find({ studyId, signal, ...(include && { include }) })
      : expandInstances(lean, studyId, signal);
  const system = async (signal?: AbortSignal, limit?: number) => {
    facts = await control({ method: 'GET', path: '/system', signal, limit }, parseSystem);
    return facts;
  };
  const knownFacts = async () => facts ?? system();
  const headAsking = async (signal?: AbortSignal): Promise<HeadAsking> => ({
    ask: lean,
    hasExtendedFind: (await knownFacts()).hasExtendedFind,
    signal,
  });
  const findRoot = () =>
    (webRoot ??= findDicomWebRoot(control).catch((error: unknown) => {
      webRoot = undefined;
      throw error;
    }));

  const patients = patientsOf(lean, resources, knownFacts);

  return {
    url: wire.endpoint.shown,
    system,
    statistics: (signal) => control({ method: 'GET', path: '/statistics', signal }, parseStatistics),
    now: () => lean({ method: 'GET', path: '/tools/now', isPlainText: true }, parseNow),
    plugins: () => control({ method: 'GET', path: '/plugins' }, parseNames),
    ...destinationsOf(lean, fileSender(wire), findRoot),
    changes: {
      read: async (query) => {
        const { hasExtendedChanges, databasePlugin } = await knownFacts();
        const mayComeLate = databasePlugin !== undefined;
        return readChanges(lean, { ...query, canFilter: hasExtendedChanges, mayComeLate });
      },
      last: (signal) => readLastChange(control, signal),
      reached: (position, signal) => readReached(control, position, signal),
      mayComeLate: async () => (await knownFacts()).databasePlugin !== undefined,
    },
    studies: {
      pages: (from = 0, signal) => eachStudyPage(lean, { from, signal }),
      list: async function* (query = {}) {
        yield* listStudies(lean, query, (await knownFacts()).hasExtendedFind);
      },
      instanceIds: async (studyId, signal) => readInstanceIds(lean, studyId, signal),
      uid: (studyId, signal) => readStudyUid(lean, studyId, signal),
      exists: (studyId, signal) => isKnown(lean, `/studies/${studyId}`, signal),
      find: (keys, signal) => findStudies(lean, keys, signal),
      heads: (ids, signal) => readHeads(lean, ids, signal),
      headPages: async function* (signal) {
        const asking = await headAsking(signal);
        for await (const page of eachStudyPage(lean, { signal })) yield await headsOfPage(page, asking);
      },
      headsAlike: async (heads, signal) => headsAlike(heads, await headAsking(signal)),
      ofInstances: (ids, signal) => parentsOf(lean, ids, { level: 'Study', signal }),
      instances: (studyId, signal) => readStudy(studyId, signal),
      instancesOfEach: async (heads, signal, include) =>
        instancesOfEach(heads, {
          together: (await knownFacts()).hasExtendedFind
            ? (studyUids) => find({ studyUids, signal, ...(include && { include }) })
            : undefined,
          alone: (studyId) => readStudy(studyId, signal, include),
        }),
      instanceIdsOfEach: async (studies, signal) =>
        instanceIdsOfEach(studies, {
          series: (await knownFacts()).hasExtendedFind
            ? (uids, suffices) => resources.find({ ...seriesOf(uids), suffices, signal })
            : undefined,
          alone: (studyId) => readInstanceIds(lean, studyId, signal),
        }),
    },
    series: {
      uid: (seriesId, signal) => readSeriesUid(lean, seriesId, signal),
      ofInstances: (ids, signal) => parentsOf(lean, ids, { level: 'Series', signal }),
    },
    instances: { ...instancesOf(wire, lean), ...changedFilesOf(wire, lean) },
    resources,
    findInstances: find,
    jobs: jobsOf(lean),
    labels: labelsOf(control, async () => (await knownFacts()).hasExtendedFind),
    belongings: belongingsOf({
      wire,
      ask: lean,
      resources,
      protection: (ids, signal) => patients.protection(ids, signal),
      facts: knownFacts,
    }),
    patients,
    dicomWeb: async () => {
      const root = await findRoot();
      return root === undefined ? undefined : dicomWebAt(wire, root);
    },
    call: (question) => control(question, (value) => value),
    [Symbol.asyncDispose]: async () => {
      await Promise.resolve(wire.close());
    },
  };
}
