import { asFailure } from '@orthanc-tools/failures';

const unmet: ReadonlySet<string> = new Set([
  'DESTINATION_REJECTS_ASSOCIATION',
  'DESTINATION_UNREACHABLE',
  'ORTHANC_UNREACHABLE',
]);

/** Whether a sending has failed as the target could not even be spoken to. One that breaks off in between fails otherwise. */
export const sentNothing = (error: unknown): boolean => unmet.has(asFailure(error)?.code ?? '');
