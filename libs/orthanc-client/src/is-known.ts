import { asFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';

/** Whether the server knows the resource at this path. */
export async function isKnown(ask: Ask, path: string, signal?: AbortSignal): Promise<boolean> {
  try {
    return await ask({ method: 'GET', path, signal }, () => true);
  } catch (error) {
    if (asFailure(error)?.code === 'ORTHANC_NOT_FOUND') return false;
    throw error;
  }
}
