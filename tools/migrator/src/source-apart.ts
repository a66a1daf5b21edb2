import type { Orthanc, SystemFacts } from '@orthanc-tools/orthanc-client';
import { isLoopback } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import type { Route } from './plan-route.ts';

/** Where the two ends, or the destination and who is asked about it, are not what their names say. */
export interface EndsMixedUp {
  readonly is: 'the source itself' | 'perhaps the source' | 'another than the peer';
  readonly found: string;
}

type Known = Awaited<ReturnType<Orthanc['modalities']['settings']>>[number];
type Place = Pick<Known, 'aet' | 'host' | 'port'>;
type FromModality = Route & { readonly from: 'modality' };

interface Surroundings {
  readonly known: readonly Known[];
  /** Of the Orthanc that migrates. */
  readonly here: SystemFacts;
}

/**
 * Whether a source modality is its own destination, as far as its entry in Orthanc tells: what it is asked about there, it
 * vouches for itself, and nothing is migrated. Pure.
 */
export function sourceApart(route: FromModality, { known, here }: Surroundings): EndsMixedUp | undefined {
  const source = known.find(({ alias }) => alias === route.alias);
  if (source === undefined) return undefined;
  const told = { option: 'sourceModality', other: 'orthancUrl' };
  const arrives = route.arrivalAet === undefined || route.arrivalAet === here.aet;
  const first = arrives
    ? mixedUp(compareToOwn(source, here), told)
    : mixedUp(
        compareToEach(source, known, ({ aet }) => aet === route.arrivalAet),
        {
          ...told,
          other: 'destinationAet',
        },
      );
  const { passOn } = route;
  if (first?.is === 'the source itself' || passOn?.to !== 'modality') return first;
  const further = compareToEach(source, known, ({ alias }) => alias === passOn.alias);
  return mixedUp(further, { ...told, other: 'destinationModality' }) ?? first;
}

type Likeness = 'same' | 'alike' | 'apart';

/** Several archives may live behind one port, by their AETs; what differs in the host alone may be one under two names. Pure. */
export function comparePlaces(one: Place, other: Place): Likeness {
  if (one.aet.trim() !== other.aet.trim()) return 'apart';
  if (one.port === undefined || one.port !== other.port) return 'apart';
  return isSameHost(one.host, other.host) ? 'same' : 'alike';
}

const isSameHost = (one: string, other: string): boolean =>
  one.toLowerCase() === other.toLowerCase() || (isLoopback(one) && isLoopback(other));

/** The host of the URL may publish the ports of several Orthancs, each of which listens to the same one inside. */
function compareToOwn(source: Known, here: SystemFacts): Likeness {
  if (here.aet?.trim() !== source.aet.trim() || source.port === undefined || source.port !== here.dicomPort)
    return 'apart';
  return isLoopback(source.host) ? 'same' : 'alike';
}

/** The first that is meant is the one that is asked. */
function compareToEach(source: Known, known: readonly Known[], isMeant: (one: Known) => boolean): Likeness {
  const other = known.find(isMeant);
  if (other === undefined) return 'apart';
  return other.alias === source.alias ? 'same' : comparePlaces(source, other);
}

function mixedUp(
  likeness: Likeness,
  { option, other }: { readonly option: string; readonly other: string },
): EndsMixedUp | undefined {
  if (likeness === 'apart') return undefined;
  const both = `${nameOf(option)} and ${nameOf(other)}`;
  return likeness === 'same'
    ? {
        is: 'the source itself',
        found: `${both} lead to one server, by AET, host and port: it would vouch for itself.`,
      }
    : {
        is: 'perhaps the source',
        found: `${both} may lead to one server: AET and port are the same, and the hosts may be two names of one.`,
      };
}
