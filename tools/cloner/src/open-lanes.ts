import { configurationError } from '@orthanc-tools/failures';
import { type Orthanc, firstQuestion, noOutages } from '@orthanc-tools/orthanc-client';
import { openBudget } from '@orthanc-tools/work-loop';
import type { Lanes } from './lanes.ts';
import { largestPiece } from './bandwidth/throttled.ts';
import { relay } from './relay.ts';
import { measureFirst, tempoTo } from './tempo.ts';

/** Images in memory at one time, over all workers: the rest waits at the source. */
const bytesInMemory = 48 * 1024 * 1024;

/**
 * Asks both servers what they are before anything is done.
 * @throws configuration failures when one of them is no Orthanc, refuses the credentials or cannot be written to
 */
export async function openLanes(
  source: Orthanc,
  destination: Orthanc,
  { isThrottled = false } = {},
): Promise<Lanes> {
  // Asked at once: from afar every question that waits for another costs a round trip.
  const offers = Promise.all([source.dicomWeb(), destination.dicomWeb()]);
  offers.catch(() => undefined);
  const [here, there] = await Promise.all([
    firstQuestion(source, 'source', () => source.system()),
    firstQuestion(destination, 'dest', () => destination.system()),
  ]);
  if (there.isReadOnly)
    throw configurationError(
      'DESTINATION_READ_ONLY',
      `The destination ${destination.url} is a read-only Orthanc.`,
    );
  const tempo = tempoTo(destination);
  const [sourceWeb, destinationWeb] = await offers;
  await measureFirst(tempo);
  const routes = {
    // An answer with a whole study would stand still under a limit.
    retrieves: sourceWeb !== undefined && !isThrottled,
    ...(isThrottled && { largestPiece }),
    batches: destinationWeb === undefined ? 'zip' : 'stow',
  } as const;
  const budget = openBudget(bytesInMemory);
  const common = { routes, tempo, budget, outages: noOutages(), systems: { here, there } };
  return { source, destination, sourceWeb, destinationWeb, carrier: relay, belongings: undefined, ...common };
}
