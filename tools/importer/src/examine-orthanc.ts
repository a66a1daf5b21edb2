import { type Failure, asFailure } from '@orthanc-tools/failures';
import { type OrthancConnection, type SystemFacts, connectOrthanc } from '@orthanc-tools/orthanc-client';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';
import { finderFor } from './finder.ts';

const findAtOrthanc = finderFor('Orthanc');

/** What a careful administrator would look at on the server before an import. */
export async function examineOrthanc(
  connection: () => OrthancConnection,
  hasLabels: boolean,
): Promise<DoctorFinding[]> {
  try {
    await using orthanc = connectOrthanc(connection());
    const facts = await orthanc.system();
    const version = findAtOrthanc('version', 'ok', `Orthanc ${facts.version} at ${orthanc.url}`);
    const storing = await storingFinding(() => orthanc.instances.store(noDicom));
    return [version, storing, ...settingFindings(facts), ...(hasLabels ? [labelFinding(facts)] : [])];
  } catch (error) {
    const { message } = expected(error);
    return [
      findAtOrthanc(
        'answer',
        'problem',
        message,
        'Correct the address, user, password, key or certificates.',
      ),
    ];
  }
}

const noDicom = Buffer.from('orthanc-importer doctor asks whether it may store. This is no DICOM file.');

/** Sends what cannot be stored: where storing is allowed, Orthanc refuses the content, otherwise the sender. */
async function storingFinding(store: () => Promise<unknown>): Promise<DoctorFinding> {
  const check = 'right to store';
  try {
    await store();
  } catch (error) {
    const { code, message } = expected(error);
    if (code === 'INSTANCE_NOT_DICOM') return findAtOrthanc(check, 'ok', 'given: POST /instances is allowed');
    return findAtOrthanc(
      check,
      'problem',
      message,
      'Allow this user POST /instances, and make room on the disk.',
    );
  }
  return findAtOrthanc(
    check,
    'unknown',
    'POST /instances accepts what is no DICOM file',
    'Something other than Orthanc answers there: look at what stands before it.',
  );
}

function settingFindings(facts: SystemFacts): DoctorFinding[] {
  const { isReadOnly, storesMd5, ingestTranscoding, overwrite } = facts;
  const findings: DoctorFinding[] = [];
  if (isReadOnly)
    findings.push(findAtOrthanc('read-only', 'problem', 'it is read-only', 'Set ReadOnly to false.'));
  findings.push(
    storesMd5 === false
      ? findAtOrthanc(
          'stored MD5',
          'warning',
          'not kept',
          'Set StoreMD5ForAttachments to true for a stronger proof.',
        )
      : findAtOrthanc(
          'stored MD5',
          storesMd5 === true ? 'ok' : 'unknown',
          storesMd5 === true ? 'kept' : 'not told',
        ),
  );
  findings.push(
    findAtOrthanc('overwriting', overwrite === undefined ? 'unknown' : 'ok', overwriting(overwrite)),
    ...limitFindings(facts),
  );
  if (ingestTranscoding !== undefined && ingestTranscoding !== '')
    findings.push(
      findAtOrthanc(
        'transcoding on arrival',
        'warning',
        `to ${ingestTranscoding}`,
        'Instances are stored with other bytes and cannot be proved equal: switch IngestTranscoding off during the import.',
      ),
    );
  return findings;
}

const overwriting = (mode: string | undefined): string =>
  mode === undefined
    ? 'not told; the importer asks what is there before it sends anything'
    : `${mode}; the importer itself overwrites nothing`;

/** What makes Orthanc refuse, or delete what was imported. */
function limitFindings(facts: SystemFacts): DoctorFinding[] {
  const { maximumStorageSizeMb = 0, maximumPatientCount = 0, maximumStorageMode = 'Recycle' } = facts;
  const limits = [
    ...(maximumStorageSizeMb > 0 ? [`${String(maximumStorageSizeMb)} MB`] : []),
    ...(maximumPatientCount > 0 ? [`${String(maximumPatientCount)} patients`] : []),
  ];
  if (limits.length === 0) return [findAtOrthanc('limits', 'ok', 'none is set')];
  const deletes = maximumStorageMode === 'Recycle';
  return [
    findAtOrthanc(
      'limits',
      'warning',
      `${limits.join(' and ')}; beyond that it ${deletes ? 'deletes the oldest patients' : 'refuses'}`,
      'Raise MaximumStorageSize and MaximumPatientCount, or set them to 0, for the import.',
    ),
  ];
}

const labelFinding = ({ hasLabels }: SystemFacts): DoctorFinding =>
  hasLabels
    ? findAtOrthanc('labels', 'ok', 'supported')
    : findAtOrthanc('labels', 'problem', 'not supported', 'Use Orthanc 1.12.0 or newer, or no labels.');

/** The failure; anything else is a defect of ours and goes on. */
function expected(error: unknown): Failure {
  const failure = asFailure(error);
  if (failure === undefined) throw error;
  return failure;
}
