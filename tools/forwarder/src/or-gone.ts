import { asFailure, transientFailure } from '@orthanc-tools/failures';

/** Whatever lists the unit anew finds it without this instance. @throws transient `INSTANCE_GONE`, or the error */
export function orGone(error: unknown): never {
  if (asFailure(error)?.code !== 'ORTHANC_NOT_FOUND') throw error;
  throw transientFailure('INSTANCE_GONE', 'An instance was deleted here while it was worked on.');
}
