import { asFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';

/** Where a server keeps no MD5, the route is not there, or answers nothing; nor does it tell whether it knows the instance. */
export async function keptMd5(ask: Ask, id: string, signal?: AbortSignal): Promise<string | undefined> {
  const path = `/instances/${id}/attachments/dicom/md5`;
  const route = '/instances/{id}/attachments/dicom/md5';
  try {
    return await ask({ method: 'GET', path, route, isPlainText: true, signal }, (value) =>
      typeof value === 'string' && value !== '' ? value : undefined,
    );
  } catch (error) {
    if (asFailure(error)?.code === 'ORTHANC_NOT_FOUND') return undefined;
    throw error;
  }
}
