import type { Ask, Question } from './ask.ts';
import { parseJobId } from './jobs.ts';
import { list, optionalCount, record, text } from './json-fields.ts';

/** What a modality has answered to a request for storage commitment, by SOP Instance UIDs. */
export interface CommitmentReport {
  /** `Pending` until the modality reports. */
  readonly status: 'Pending' | 'Success' | 'Failure';
  /** For these it has taken responsibility. */
  readonly committed: readonly string[];
  /** For these not; `reason` as in DICOM PS3.3 C.14 (0x0112: it holds no such instance). */
  readonly refused: readonly { readonly sopInstanceUid: string; readonly reason: number | undefined }[];
}

/** An instance that this Orthanc need not hold. */
export interface ReferencedInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** How the route takes either kind of reference. */
export function referenceTo(
  instances: readonly string[] | readonly ReferencedInstance[],
): Readonly<Record<string, unknown>> {
  const resources = instances.filter((instance) => typeof instance === 'string');
  const referenced = instances.filter((instance) => typeof instance !== 'string');
  if (referenced.length === 0) return { Resources: resources };
  return {
    DicomInstances: referenced.map(({ sopClassUid, sopInstanceUid: uid }) => ({
      SOPClassUID: sopClassUid,
      SOPInstanceUID: uid,
    })),
  };
}

const isStatus = (status: string): status is CommitmentReport['status'] =>
  status === 'Pending' || status === 'Success' || status === 'Failure';

const sopInstanceUid = (value: unknown): string => text(record(value, 'an instance'), 'SOPInstanceUID');

function parseReport(value: unknown): CommitmentReport {
  const from = record(value, 'the answer');
  const status = text(from, 'Status');
  return {
    // A status that is not known yet says nothing.
    status: isStatus(status) ? status : 'Pending',
    committed: list(from['Success'] ?? [], '"Success"', sopInstanceUid),
    refused: list(from['Failures'] ?? [], '"Failures"', (entry) => ({
      sopInstanceUid: sopInstanceUid(entry),
      reason: optionalCount(record(entry, 'an instance'), 'FailureReason'),
    })),
  };
}

export const requestCommitment = (
  ask: Ask,
  question: Pick<Question, 'path' | 'route' | 'destination' | 'content' | 'signal'>,
): Promise<string> => ask({ ...question, method: 'POST' }, parseJobId);

export const readCommitment = (ask: Ask, transactionUid: string, signal?: AbortSignal) =>
  ask(
    {
      method: 'GET',
      path: `/storage-commitment/${encodeURIComponent(transactionUid)}`,
      route: '/storage-commitment/{id}',
      signal,
    },
    parseReport,
  );
