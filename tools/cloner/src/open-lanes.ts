import { asFailure, configurationError, withAdvice } from '@orthanc-tools/failures';
import type { Orthanc, SystemFacts } from '@orthanc-tools/orthanc-client';
import { nameOf } from '@orthanc-tools/tool-options';
import { openBudget } from './budget.ts';
import type { Lanes } from './lanes.ts';

/** Images in memory at one time, over all workers: the rest waits at the source. */
const bytesInMemory = 48 * 1024 * 1024;

/** One stored by each of eight requests at a time cost the destination 1.8 ms of CPU, by each of 32 as much as 2.2 ms. */
const storesWhenNear = 8;

/** Up to this round trip a request per instance is cheaper than waiting for batches to fill. */
const nearMs = 8;

/**
 * Asks both servers what they are before anything is done.
 * @throws configuration failures when one of them is no Orthanc, refuses the credentials or cannot be written to
 */
export async function openLanes(source: Orthanc, destination: Orthanc): Promise<Lanes> {
  const [, destinationFacts] = await Promise.all([probe(source, 'source'), probe(destination, 'dest')]);
  if (destinationFacts.isReadOnly)
    throw configurationError(
      'DESTINATION_READ_ONLY',
      `The destination ${destination.url} is a read-only Orthanc.`,
    );
  const [sourceWeb, destinationWeb] = await Promise.all([source.dicomWeb(), destination.dicomWeb()]);
  const routes = {
    retrieves: sourceWeb !== undefined,
    batches: destinationWeb === undefined ? 'zip' : 'stow',
  } as const;
  const budget = openBudget(bytesInMemory);
  const isNear = (await roundTripMs(destination)) < nearMs;
  const stores = openBudget(isNear ? storesWhenNear : Infinity);
  return { source, destination, sourceWeb, destinationWeb, routes, isNear, budget, stores };
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

/** The shortest of a few: what is slower was held up, and is not the way. */
async function roundTripMs(orthanc: Orthanc): Promise<number> {
  let shortest = Infinity;
  for (let time = 0; time < 4; time += 1) {
    const asked = performance.now();
    await orthanc.now();
    shortest = Math.min(shortest, performance.now() - asked);
  }
  return shortest;
}
