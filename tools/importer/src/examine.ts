import { constants } from 'node:fs';
import { access, mkdtemp, opendir, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Failure, asFailure } from '@orthanc-tools/failures';
import { type OrthancConnection, type SystemFacts, connectOrthanc } from '@orthanc-tools/orthanc-client';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';

type Verdict = DoctorFinding['verdict'];

const finderFor =
  (subject: string) =>
  (check: string, verdict: Verdict, found: string, remedy?: string): DoctorFinding => ({
    subject,
    check,
    verdict,
    found,
    ...(remedy === undefined ? {} : { remedy }),
  });

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

function settingFindings({ isReadOnly, storesMd5, ingestTranscoding }: SystemFacts): DoctorFinding[] {
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

const labelFinding = ({ hasLabels }: SystemFacts): DoctorFinding =>
  hasLabels
    ? findAtOrthanc('labels', 'ok', 'supported')
    : findAtOrthanc('labels', 'problem', 'not supported', 'Use Orthanc 1.12.0 or newer, or no labels.');

/** Whether the folder can be read, and the ledger written. Leaves nothing. */
export async function examinePlaces(folder: string, ledgerPath: string): Promise<DoctorFinding[]> {
  return [await folderFinding(folder), await ledgerFinding(ledgerPath)];
}

async function folderFinding(path: string): Promise<DoctorFinding> {
  const find = finderFor('folder');
  try {
    await (await opendir(path)).close();
    return find('folder', 'ok', `${path} can be read`);
  } catch (error) {
    return find(
      'folder',
      'problem',
      `${path} cannot be read (${codeOf(error)})`,
      'Give this user the folder.',
    );
  }
}

async function ledgerFinding(path: string): Promise<DoctorFinding> {
  const find = finderFor('ledger');
  const remedy = 'Give a file in a folder that this user may write to with --ledger-path (LEDGER_PATH).';
  try {
    const folder = await nearestFolder(dirname(resolve(path)));
    await rmdir(await mkdtemp(join(folder, '.doctor-')));
    await access(path, constants.R_OK | constants.W_OK).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    return find('file', 'ok', `${path} can be written`);
  } catch (error) {
    return find('file', 'problem', `${path} cannot be written (${codeOf(error)})`, remedy);
  }
}

async function nearestFolder(folder: string): Promise<string> {
  try {
    await stat(folder);
    return folder;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    return nearestFolder(dirname(folder));
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? 'unknown error');

/** The failure; anything else is a defect of ours and goes on. */
function expected(error: unknown): Failure {
  const failure = asFailure(error);
  if (failure === undefined) throw error;
  return failure;
}
