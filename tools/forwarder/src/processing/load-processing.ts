import type { Destination } from '../destination.ts';
import type { ProcessingRequest } from './open-processing.ts';
import type { Processing } from './processing.ts';

/** How instances are changed on the way to each destination. Where nothing is, nobody pays for loading what does it. */
export async function loadProcessing(
  request: ProcessingRequest,
): Promise<(destination: Destination) => Processing | undefined> {
  const { hooks, forwarding } = request;
  const isOrdered = forwarding.destinations.some(
    ({ profile, transcode }) => profile !== undefined || transcode !== undefined,
  );
  if (!isOrdered && hooks?.processInstance === undefined) return () => undefined;
  const { openProcessing } = await import('./open-processing.ts');
  return openProcessing(request);
}
