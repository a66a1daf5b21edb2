import { asFailure, configurationError } from '@orthanc-tools/failures';
import { type Orthanc, connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { isLoopback, isSameStorage, leadToOne, leadsBack, seemOne } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import type { MigratorOptions } from './options.ts';
import { type PassOn, planRoute } from './plan-route.ts';
import { type EndsMixedUp, sourceApart } from './source-apart.ts';

type Facts = Awaited<ReturnType<Orthanc['system']>>;
type Known = Awaited<ReturnType<Orthanc['modalities']['settings']>>[number];

interface Look {
  readonly orthanc: Orthanc;
  readonly options: MigratorOptions;
  readonly signal: AbortSignal;
}

/**
 * An Orthanc that is asked about itself vouches for everything it holds, and what it vouches for may be deleted.
 * @throws configuration `DESTINATION_IS_SOURCE`, and where something is to be deleted `DESTINATION_NOT_PEER`; what keeps an end from being reached
 */
export async function checkApart(look: Look): Promise<EndsMixedUp | undefined> {
  const found = await lookApart(look);
  if (found?.is === 'the source itself') throw configurationError('DESTINATION_IS_SOURCE', found.found);
  // Whoever is asked there may hold all of it, while those to whom it was sent have nothing.
  if (found?.is === 'another than the peer' && look.options.deleteFromSource)
    throw configurationError('DESTINATION_NOT_PEER', `${found.found} Nothing is deleted by its word.`);
  return found;
}

/** Undefined where nothing speaks against it. */
export async function lookApart(look: Look): Promise<EndsMixedUp | undefined> {
  const { orthanc, options, signal } = look;
  const route = planRoute(options);
  const [here, known] = [await orthanc.system(signal), await orthanc.modalities.settings(signal)];
  const source = route.from === 'modality' ? sourceApart(route, { known, here }) : undefined;
  const { passOn } = route;
  if (passOn === undefined || source?.is === 'the source itself') return source;
  const destination =
    passOn.to === 'peer'
      ? await peerApart(passOn.alias, look)
      : modalityApart(passOn, { here, known, url: orthanc.url, deletes: options.deleteFromSource });
  return destination ?? source;
}

const itself = (option: string): EndsMixedUp => ({
  is: 'the source itself',
  found: `${nameOf(option)} and ${nameOf('orthancUrl')} lead to one Orthanc, by all that it tells of itself: it would vouch for itself. Two that are copies of one machine need a Name of their own.`,
});

async function peerApart(
  alias: string,
  { orthanc, options, signal }: Look,
): Promise<EndsMixedUp | undefined> {
  const peer = options.deleteFromSource
    ? await orthanc.peers.system(alias, signal)
    : await peerFacts(orthanc, alias, signal);
  const askHere = () => orthanc.system(signal);
  if (peer !== undefined && (await leadToOne(askHere, () => orthanc.peers.system(alias, signal))))
    return itself('destinationPeer');
  if (options.destUrl === undefined) return undefined;
  await using destination = connectOrthanc(connectionFrom(options, 'dest'));
  if (destination.url === orthanc.url) return itself('destUrl');
  const there = await destination.system(signal);
  if (await leadToOne(askHere, () => destination.system(signal))) return itself('destUrl');
  // Each file that is to be deleted would be found there, with its MD5: it is the very same.
  if (options.deleteFromSource && (await isSameStorage(orthanc, destination, signal)))
    return {
      is: 'the source itself',
      found: `${nameOf('destUrl')} leads to an Orthanc that holds the same files as that of ${nameOf('orthancUrl')}, on one storage with it or on a copy of it: it would vouch for what is deleted.`,
    };
  if (peer?.databaseIdentifier === undefined || seemOne(there, peer)) return undefined;
  return {
    is: 'another than the peer',
    found: `${nameOf('destUrl')} leads to another Orthanc than the peer of ${nameOf('destinationPeer')}: who is asked is not who is sent to.`,
  };
}

/** A peer that does not answer now is no reason not to begin: it is waited for when something is sent. */
async function peerFacts(orthanc: Orthanc, alias: string, signal: AbortSignal): Promise<Facts | undefined> {
  try {
    return await orthanc.peers.system(alias, signal);
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return undefined;
  }
}

interface Neighbourhood {
  readonly here: Facts;
  readonly known: readonly Known[];
  readonly url: string;
  readonly deletes: boolean;
}

function modalityApart(
  passOn: Exclude<PassOn, { readonly to: 'peer' }>,
  { here, known, url, deletes }: Neighbourhood,
): EndsMixedUp | undefined {
  const found = known.find(({ alias, aet }) =>
    passOn.to === 'aet' ? aet === passOn.aet : alias === passOn.alias,
  );
  if (found === undefined || !isItself(found, here, url)) return undefined;
  const told = itself(passOn.to === 'aet' ? 'destinationAet' : 'destinationModality');
  // The host of the URL may publish the ports of several Orthancs: where nothing is deleted, a doubt will do.
  return deletes || isLoopback(found.host) ? told : { ...told, is: 'perhaps the source' };
}

const isItself = (known: Known, here: Facts, url: string): boolean =>
  known.aet === here.aet && leadsBack(known, { port: here.dicomPort, url });
