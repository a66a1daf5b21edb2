import { type Finding, asFailure } from '@orthanc-tools/failures';
import { connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { expected, finderFor } from '@orthanc-tools/server-examination';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { Destination } from '../destination.ts';
import { ledgerFamily } from '../ledger-family.ts';
import { type ForwarderOptions, readDestinations } from '../read-destinations.ts';
import { examineDestination, waysOf } from './examine-destination.ts';
import { examineInbox } from './examine-inbox.ts';
import { examinePlaces } from './examine-places.ts';

type Surroundings = Pick<RunContext, 'clock' | 'signal' | 'stateFolder'>;

/** `doctor`: nothing is changed anywhere; whatever cannot be asked costs that finding only. */
export async function examineForwarding(
  options: ForwarderOptions,
  surroundings: Surroundings,
): Promise<Finding[]> {
  const { clock, stateFolder } = surroundings;
  const { destinations, found } = await readThem(options);
  const routes = destinations.flatMap((destination) => waysOf(destination)).map(({ route }) => route);
  const inbox = await examineInbox({ options, routes, now: () => clock.now() });
  const ledgerPath = ledgerFamily(options, stateFolder).inbox;
  return [
    ...inbox,
    ...found,
    ...(await examineAll(destinations, options, surroundings)),
    ...(await examinePlaces({ ledgerPath, transferLog: options.transferLog })),
  ];
}

interface Read {
  readonly destinations: readonly Destination[];
  /** What keeps them from being read. */
  readonly found: readonly Finding[];
}

async function readThem(options: ForwarderOptions): Promise<Read> {
  try {
    return { destinations: (await readDestinations(options)).destinations, found: [] };
  } catch (error) {
    const { message } = expected(error);
    const find = finderFor('destinations');
    return { destinations: [], found: [find('settings', 'problem', message, 'Correct it, then ask again.')] };
  }
}

async function examineAll(
  destinations: readonly Destination[],
  options: ForwarderOptions,
  { clock, signal }: Surroundings,
): Promise<Finding[]> {
  try {
    await using inbox = connectOrthanc(connectionFrom(options, 'source'));
    await inbox.system(signal);
    const findings: Finding[] = [];
    for (const destination of destinations)
      findings.push(...(await examineDestination(destination, { inbox, clock, signal })));
    return findings;
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return destinations.map(({ name }) =>
      finderFor(name)(
        'all else',
        'unknown',
        'not looked at, as the inbox does not answer',
        'Correct the above, then ask again.',
      ),
    );
  }
}
