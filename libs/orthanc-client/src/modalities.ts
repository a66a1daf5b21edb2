import type { Ask } from './ask.ts';
import { startJob } from './jobs.ts';
import { parseNames } from './json-fields.ts';
import type { RequestBody } from './call.ts';
import type { SendFile } from './send-file.ts';
import { type FoundTags, type ModalityQuery, findAtModality } from './modality-queries.ts';
import {
  type ModalitySettings,
  type Retrieval,
  type RetrieveMethod,
  readModalitySettings,
  startRetrieval,
} from './modality-retrievals.ts';
import {
  type CommitmentReport,
  type ReferencedInstance,
  readCommitment,
  referenceTo,
  requestCommitment,
} from './storage-commitment.ts';

export interface ModalityStoring {
  /** The highest goes first; 0 by default. */
  readonly priority?: number | undefined;
  /** AET by which Orthanc calls; its own by default. */
  readonly localAet?: string | undefined;
  /** Until the modality must have answered a message, in seconds; Orthanc's `DicomScuTimeout` by default. */
  readonly timeoutSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The DICOM modalities that are configured in Orthanc (`/modalities`), by their aliases. */
export interface Modalities {
  names(signal?: AbortSignal): Promise<string[]>;
  settings(signal?: AbortSignal): Promise<ModalitySettings[]>;
  /** C-ECHO. */
  echo(alias: string, settings?: Omit<ModalityStoring, 'priority'>): Promise<void>;
  /**
   * C-STORE of resources of any level, by a job whose identifier it gives. A job that ended in success says that the
   * modality answered success to each, not that it kept any.
   */
  store(alias: string, resourceIds: readonly string[], settings?: ModalityStoring): Promise<string>;
  /** C-STORE of a file that Orthanc does not hold, by an association of its own. It answers when the modality has. */
  storeStraight(alias: string, file: RequestBody, signal?: AbortSignal): Promise<void>;
  /**
   * C-MOVE or C-GET, by a job whose identifier it gives. A job that ended in success says that the modality reported no
   * failure, not that everything has arrived. C-GET needs 1.12.6.
   */
  retrieve(alias: string, method: RetrieveMethod, retrieval: Retrieval): Promise<string>;
  /** C-FIND. A modality may tell fewer than it holds: many cap their answers. */
  find(alias: string, query: ModalityQuery, signal?: AbortSignal): Promise<FoundTags[]>;
  /**
   * Asks the modality to take responsibility for instances, by Orthanc identifiers or by their UIDs (storage commitment push model, DICOM PS3.4 annex J).
   * Gives the UID of the transaction; the modality reports to Orthanc when it pleases, over an association of its own.
   */
  requestCommitment(
    alias: string,
    instances: readonly string[] | readonly ReferencedInstance[],
    settings?: ModalityStoring,
  ): Promise<string>;
  /** @throws permanent `ORTHANC_NOT_FOUND` when Orthanc no longer knows the transaction */
  commitment(transactionUid: string, signal?: AbortSignal): Promise<CommitmentReport>;
}

export function modalitiesOf(ask: Ask, sendFile: SendFile): Modalities {
  const pathTo = (alias: string, route: string) => ({
    path: `/modalities/${encodeURIComponent(alias)}/${route}`,
    route: `/modalities/{id}/${route}`,
    destination: alias,
  });
  return {
    names: (signal) => ask({ method: 'GET', path: '/modalities', isFixedRoute: true, signal }, parseNames),
    settings: (signal) => readModalitySettings(ask, signal),
    retrieve: (alias, method, retrieval) => startRetrieval(ask, { alias, method }, retrieval),
    echo: async (alias, settings = {}) => {
      const content = contentOf(settings);
      const question = {
        method: 'POST',
        ...pathTo(alias, 'echo'),
        content,
        signal: settings.signal,
      } as const;
      await ask({ ...question, isPlainText: true }, () => undefined);
    },
    store: (alias, resourceIds, settings = {}) =>
      startJob(ask, {
        ...pathTo(alias, 'store'),
        // "Permissive" would make a success of a job that stored nothing.
        content: { Resources: resourceIds, Permissive: false, ...contentOf(settings) },
        signal: settings.signal,
      }),
    storeStraight: (alias, file, signal) =>
      sendFile({ ...pathTo(alias, 'store-straight'), file, signal }, () => undefined),
    find: (alias, query, signal) => findAtModality(ask, { ...query, alias, signal }),
    requestCommitment: (alias, instances, settings = {}) =>
      requestCommitment(ask, {
        ...pathTo(alias, 'storage-commitment'),
        content: { ...referenceTo(instances), ...contentOf(settings) },
        signal: settings.signal,
      }),
    commitment: (transactionUid, signal) => readCommitment(ask, transactionUid, signal),
  };
}

function contentOf({ priority, localAet, timeoutSeconds }: ModalityStoring): Record<string, unknown> {
  return {
    ...(priority !== undefined && { Priority: priority }),
    ...(localAet !== undefined && { LocalAet: localAet }),
    ...(timeoutSeconds !== undefined && { Timeout: timeoutSeconds }),
  };
}
