import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { OpenDestination, OpenWay } from './open-destination.ts';
import type { Assurances } from './watch-assurances.ts';

interface Alarming extends Pick<RunContext, 'log' | 'signal' | 'clock'> {
  readonly assurances: Assurances;
}

/** So long the start waits for what destinations say; one that takes longer (a storage commitment may) is heard later. */
const patienceMs = 5000;

/**
 * Says at the start what each destination allows to be known: nobody should find out from a full disk.
 * @throws configuration: a destination that the inbox does not know, or when none can ever work like this
 */
export async function alarms(destinations: readonly OpenDestination[], context: Alarming): Promise<void> {
  const told = Promise.all(destinations.map((destination) => faultOf(destination, context)));
  const ending = new AbortController();
  const late = context.clock.sleep(patienceMs, ending.signal).then(() => undefined);
  // Whoever serves a destination meets its fault again.
  told.catch(() => undefined);
  const faults = await Promise.race([told, late]).finally(() => {
    ending.abort();
  });
  const hopeless = faults?.filter((fault) => fault !== undefined) ?? [];
  const [first] = hopeless;
  if (first !== undefined && hopeless.length === destinations.length) throw first;
}

/** @returns why the destination can never work like this, by none of its ways */
async function faultOf(destination: OpenDestination, context: Alarming): Promise<Failure | undefined> {
  const faults: Failure[] = [];
  for (const way of destination.ways) {
    const fault = await alarmOf(way, destination, context);
    if (fault !== undefined) faults.push(fault);
  }
  return faults.length === destination.ways.length ? faults[0] : undefined;
}

/** @returns why this way can never work like this, where that is so */
async function alarmOf(
  way: OpenWay,
  destination: OpenDestination,
  { log, signal, assurances }: Alarming,
): Promise<Failure | undefined> {
  const { target: via, mode } = way.route.route;
  const facts = { destination: destination.name, via, mode };
  try {
    assurances.found(way, destination, await way.route.strength(signal));
    return undefined;
  } catch (error) {
    const failure = asFailure(error);
    // A name that the inbox does not know is a slip of the pen: whoever starts the tool wants to hear of it.
    if (failure === undefined || failure.code === 'DESTINATION_UNKNOWN') throw error;
    const { code, message } = failure;
    if (failure.kind !== 'configuration') {
      log.warn('destination.away', { ...facts, code });
      return undefined;
    }
    log.error('destination.misconfigured', { ...facts, code, message });
    return failure;
  }
}
