import { asFailure, transientFailure } from '@orthanc-tools/failures';

const notFound: ReadonlySet<string> = new Set(['DESTINATION_UNKNOWN', 'TRANSFERS_MISSING']);

/**
 * Orthanc answers "not found" to an order to send, whether it misses the target or what is to be sent. Where it knows the
 * target, the latter has been deleted meanwhile.
 * @throws transient `RESOURCE_VANISHED` in that case
 */
export async function unlessVanished<Result>(
  order: () => Promise<Result>,
  knowsTarget: () => Promise<boolean>,
): Promise<Result> {
  try {
    return await order();
  } catch (error) {
    if (!notFound.has(asFailure(error)?.code ?? '') || !(await knowsTarget())) throw error;
    const message = 'Something of what was to be sent is no longer at the source.';
    throw transientFailure('RESOURCE_VANISHED', message, { cause: error });
  }
}
