import { asFailure, configurationError, withAdvice } from '@orthanc-tools/failures';
import { type Orthanc, type SystemFacts, noOutages } from '@orthanc-tools/orthanc-client';
import { seemOne } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
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
  const [here, there] = await Promise.all([probe(source, 'source'), probe(destination, 'dest')]);
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
  const common = { routes, tempo, budget, outages: noOutages(), seemOne: seemOne(here, there) };
  return { source, destination, sourceWeb, destinationWeb, carrier: relay, belongings: undefined, ...common };
}

type Which = 'source' | 'dest';

/** The first question to a server: what is wrong now is wrong with an option, most likely. */
async function probe(orthanc: Orthanc, which: Which): Promise<SystemFacts> {
  try {
    return await orthanc.system();
  } catch (error) {
    const { code } = asFailure(error) ?? {};
    if (code !== 'ORTHANC_NOT_FOUND' && code !== 'ORTHANC_ANSWER_UNREADABLE')
      throw withAdvice(error, adviceFor(which));
    const message = `At ${orthanc.url} no Orthanc answers GET /system. Check ${nameOf(`${which}Url`)}.`;
    throw configurationError('NO_ORTHANC', message, { cause: error });
  }
}

function adviceFor(which: Which): Record<string, string> {
  const name = (end: string) => nameOf(`${which}${end}`);
  return {
    ORTHANC_UNREACHABLE: `Check ${name('Url')}, and whether that Orthanc runs.`,
    ORTHANC_CONNECTION_LOST: `Check ${name('Url')}: http or https?`,
    ORTHANC_UNAUTHORIZED: `Check ${name('User')} and ${name('Pwd')}, or ${name('ApiKey')}.`,
    PROXY_UNAUTHORIZED: `Check ${name('Proxy')}.`,
    ORTHANC_TLS: `Check ${name('Ca')}, the name in ${name('Url')}, and whether it speaks https at all.`,
    ORTHANC_NO_ANSWER: `Check ${name('Url')}, or give it more time with ${name('Timeout')}.`,
  };
}
