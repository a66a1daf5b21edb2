import { type Failure, type FailureFacts, ambiguousFailure } from '@orthanc-tools/failures';
import { type JsonRecord, filledText, optionalCount, optionalText, record } from './json-fields.ts';
import { nameDestinationTrouble } from './name-destination-trouble.ts';

const plugin = 1;
const inexistentItem = 7;
const unknownResource = 17;
const canceledJob = 37;

const retrieving: ReadonlySet<string> = new Set(['DicomMoveScu', 'DicomGetScu']);

/** Where the jobs that send or fetch name their destination. */
function destinationIn(type: string, content: JsonRecord): string | undefined {
  if (type === 'DicomModalityStore' || retrieving.has(type))
    return `Modality ${optionalText(content, 'RemoteAet') ?? ''}`.trim();
  if (type === 'OrthancPeerStore') return 'The peer';
  if (type === 'DicomWebStowClient') return `DICOMweb server ${optionalText(content, 'Server') ?? ''}`.trim();
  if (type === 'PushTransfer' || type === 'PullTransfer') return 'The peer';
  return undefined;
}

/** Of a job that fetches, each order by itself (1.12.10): what the modality said, also where Orthanc calls it a success. */
function dimseErrorsIn(content: JsonRecord): number[] {
  const details = Array.isArray(content['Details']) ? content['Details'] : [];
  return details
    .map((entry) => optionalCount(record(entry, 'a detail'), 'DimseErrorStatus') ?? 0)
    .filter((status) => status !== 0);
}

function dimseStatusIn(from: JsonRecord): number | undefined {
  const payload = record(from['ErrorPayload'] ?? {}, '"ErrorPayload"');
  return optionalCount(record(payload['Content'] ?? {}, '"ErrorPayload"'), 'DimseErrorStatus');
}

/** A job of a plugin tells its own error apart; Orthanc then says no more than "the plugin". */
function errorIn(from: JsonRecord, content: JsonRecord): { orthancStatus: number; details: string } {
  const orthancStatus = optionalCount(from, 'ErrorCode') ?? 0;
  const own = optionalCount(content, 'FunctionErrorCode');
  if (orthancStatus === plugin && own !== undefined)
    return { orthancStatus: own, details: filledText(content, 'FunctionErrorDetails') ?? '' };
  return { orthancStatus, details: filledText(from, 'ErrorDetails') ?? '' };
}

/**
 * Why a job did not do all that it was to do; undefined where it did. Whatever a job has not refused for good is
 * ambiguous: some of it may have been done.
 */
export function jobFailureIn(from: JsonRecord, content: JsonRecord): Failure | undefined {
  const type = optionalText(from, 'Type') ?? '';
  const facts: FailureFacts = { job: optionalText(from, 'ID') ?? '', jobType: type };
  const failed = optionalCount(content, 'FailedInstancesCount') ?? 0;
  const [fetchError] = retrieving.has(type) ? dimseErrorsIn(content) : [];
  if (from['State'] === 'Success' && failed === 0 && fetchError === undefined) return undefined;
  if (from['State'] === 'Success' && fetchError === undefined)
    return ambiguousFailure(
      'JOB_INSTANCES_FAILED',
      `${String(failed)} instances of a job (${type}) failed.`,
      {
        facts: { ...facts, failed },
      },
    );
  const error = errorIn(from, content);
  if (error.orthancStatus === canceledJob)
    return ambiguousFailure('JOB_CANCELLED', `The job (${type}) was cancelled.`, { facts });
  const destination = destinationIn(type, content);
  // No modality says "not found": what was to be sent is not there.
  const isOfSource =
    type === 'DicomModalityStore' && [inexistentItem, unknownResource].includes(error.orthancStatus);
  if (destination === undefined || isOfSource)
    return ambiguousFailure('JOB_FAILED', `The job (${type}) failed.`, {
      facts: { ...facts, orthancStatus: error.orthancStatus },
    });
  const isRetrieval = retrieving.has(type);
  const trouble = { ...error, isRetrieval, dimseStatus: dimseStatusIn(from) ?? fetchError };
  return nameDestinationTrouble(trouble, { destination, loss: 'work', facts });
}
