import { type Failure, asFailure } from '@orthanc-tools/failures';
import { type OrthancConnection, type SystemFacts, connectOrthanc } from '@orthanc-tools/orthanc-client';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';
import { finderFor } from './finding.ts';
import { roundTripMs } from './is-far.ts';

const find = finderFor('Orthanc');

interface Wishes {
  readonly workers: number;
  readonly hasLabels: boolean;
}

/** What a careful person would look at on the server before it is filled. */
export async function examineOrthanc(
  connection: () => OrthancConnection,
  wishes: Wishes,
): Promise<DoctorFinding[]> {
  try {
    await using orthanc = connectOrthanc(connection());
    const facts = await orthanc.system();
    const { studies, instances } = await orthanc.statistics();
    const answer = Math.round(await roundTripMs(orthanc));
    return [
      find(
        'version',
        'ok',
        `Orthanc ${facts.version} at ${orthanc.url}, answers within ${String(answer)} ms`,
      ),
      find('content', 'ok', `${digits(studies)} studies, ${digits(instances)} instances`),
      await storingFinding(facts, () => orthanc.instances.store(noDicom)),
      ...settingFindings(facts, wishes),
    ];
  } catch (error) {
    const remedy = 'Correct the address, user, password, key or certificates (--orthanc-…).';
    return [find('answer', 'problem', expected(error).message, remedy)];
  }
}

const digits = (value: number): string => value.toLocaleString('en-US');

const noDicom = Buffer.from('orthanc-populator doctor asks whether it may store. This is no DICOM file.');

/** Sends what cannot be stored: where storing is allowed, Orthanc refuses the content, otherwise the sender. */
async function storingFinding(
  { isReadOnly }: SystemFacts,
  store: () => Promise<unknown>,
): Promise<DoctorFinding> {
  const check = 'right to store';
  if (isReadOnly) return find(check, 'problem', 'a read-only Orthanc', 'Set ReadOnly to false.');
  try {
    await store();
  } catch (error) {
    const { code, message } = expected(error);
    return code === 'INSTANCE_NOT_DICOM'
      ? find(check, 'ok', 'given: POST /instances is allowed')
      : find(check, 'problem', message, 'Allow this user POST /instances, and make room on the disk.');
  }
  const found = 'POST /instances accepts what is no DICOM file';
  return find(check, 'unknown', found, 'Something other than Orthanc answers there: look before it.');
}

function settingFindings(facts: SystemFacts, { workers, hasLabels }: Wishes): DoctorFinding[] {
  return [
    ...(hasLabels ? [labelFinding(facts)] : []),
    transcodingFinding(facts),
    limitFinding(facts),
    threadsFinding(facts, workers),
  ];
}

const labelFinding = ({ hasLabels }: SystemFacts): DoctorFinding =>
  hasLabels
    ? find('labels', 'ok', 'supported')
    : find('labels', 'warning', 'not supported: none are put', 'Use Orthanc 1.12.0 or newer.');

const transcodingFinding = ({ ingestTranscoding }: SystemFacts): DoctorFinding =>
  ingestTranscoding
    ? find(
        'transcoding on arrival',
        'warning',
        `to ${ingestTranscoding}`,
        'What is stored then differs from the manifest: empty IngestTranscoding.',
      )
    : find('transcoding on arrival', 'ok', 'off');

function limitFinding(facts: SystemFacts): DoctorFinding {
  const { maximumStorageSizeMb: size = 0, maximumPatientCount: patients = 0 } = facts;
  const limits = [
    ...(size > 0 ? [`${digits(size)} MB`] : []),
    ...(patients > 0 ? [`${digits(patients)} patients`] : []),
  ];
  if (limits.length === 0) return find('storage limit', 'ok', 'none');
  const beyond = facts.maximumStorageMode === 'Reject' ? 'more is refused' : 'beyond, patients are deleted';
  const remedy = 'Raise MaximumStorageSize and MaximumPatientCount, or make less.';
  return find('storage limit', 'warning', `${limits.join(' and ')}; ${beyond}`, remedy);
}

function threadsFinding({ httpThreads }: SystemFacts, workers: number): DoctorFinding {
  const check = 'HTTP threads';
  if (httpThreads === undefined) return find(check, 'ok', 'not told; 50 by default');
  return httpThreads >= workers
    ? find(check, 'ok', digits(httpThreads))
    : find(
        check,
        'warning',
        `${digits(httpThreads)}, for ${digits(workers)} workers`,
        'Raise HttpThreadsCount, or lower --workers (WORKERS).',
      );
}

/** The failure; anything else is a defect of ours and goes on. */
function expected(error: unknown): Failure {
  const failure = asFailure(error);
  if (failure === undefined) throw error;
  return failure;
}
