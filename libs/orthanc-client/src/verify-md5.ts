import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import { record } from './json-fields.ts';
import { parseFile } from './stored-instances.ts';

/**
 * What became of a file that Orthanc once stored: `sound`; `damaged`: it can no longer be read, or is no longer what it
 * was; `unhashed`: Orthanc keeps no MD5 of it (`StoreMD5ForAttachments`); `gone`: it was deleted, or is without a file.
 */
export type Soundness = 'sound' | 'damaged' | 'unhashed' | 'gone';

/**
 * Orthanc answers 500 to a file that is damaged, 400 or 404 to one without MD5, and 404 to one that is not there; hence
 * the second question. What it holds in its storage cache it does not read from the disk.
 */
export async function verifyMd5(ask: Ask, id: string, signal?: AbortSignal): Promise<Soundness> {
  const path = `/instances/${id}/attachments/dicom`;
  const question = { method: 'POST', path: `${path}/verify-md5`, content: {}, signal } as const;
  try {
    await ask({ ...question, isPlainText: true }, () => undefined);
    return 'sound';
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || !isAboutTheFile(failure)) throw error;
    const md5 = await readMd5(ask, path, signal);
    if (md5 === undefined) return 'gone';
    return md5 === '' ? 'unhashed' : 'damaged';
  }
}

/** A server that is away, or refuses the user, says nothing of files. */
const isAboutTheFile = ({ code, facts }: Failure): boolean =>
  code === 'ORTHANC_NOT_FOUND' ||
  code === 'ORTHANC_REFUSED' ||
  (code === 'ORTHANC_SERVER_ERROR' && facts['isOrthancAnswer'] === true);

/** Empty where Orthanc keeps none; undefined where it has no such file. */
async function readMd5(ask: Ask, path: string, signal?: AbortSignal): Promise<string | undefined> {
  const question = { method: 'GET', path: `${path}/info`, signal } as const;
  try {
    return await ask(question, (value) => parseFile(record(value, 'the answer')).md5 ?? '');
  } catch (error) {
    if (asFailure(error)?.code === 'ORTHANC_NOT_FOUND') return undefined;
    throw error;
  }
}
