import { asFailure, configurationError } from '@orthanc-tools/failures';
import type { Orthanc, SystemFacts } from '@orthanc-tools/orthanc-client';
import { seemOne } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';

/** A peer of the source, as far as it may be the destination. */
export interface PeerSight {
  readonly alias: string;
  /** All that it tells of itself to the source is what the destination tells us. */
  readonly seemsDestination: boolean;
  /** The source reaches it by the very address that was given for the destination. */
  readonly hasSameAddress: boolean;
  /** How much longer the source takes to ask the peer than to answer itself, in ms; undefined where it cannot be reached. */
  readonly roundTripMs: number | undefined;
}

interface Ends {
  readonly source: Orthanc;
  readonly destination: Orthanc;
}

/** More are not looked through: each that is away costs the source its time limit. */
const mostPeers = 20;
const askedTimes = 3;

/** How some peers of the source look beside the destination; nothing is changed anywhere. */
export async function lookAtPeers(
  ends: Ends,
  named: string | undefined,
  signal?: AbortSignal,
): Promise<PeerSight[]> {
  const aliases = named === undefined ? await ends.source.peers.names(signal) : [named];
  const there = await ends.destination.system(signal);
  return Promise.all(
    aliases.slice(0, mostPeers).map((alias) => lookAtPeer(alias, there, { ...ends, signal })),
  );
}

async function lookAtPeer(
  alias: string,
  there: SystemFacts,
  { source, destination, signal }: Ends & { readonly signal: AbortSignal | undefined },
): Promise<PeerSight> {
  const away = { alias, seemsDestination: false, hasSameAddress: false, roundTripMs: undefined };
  try {
    const { url } = await source.peers.settings(alias, signal);
    const hasSameAddress = new URL(url).href === new URL(destination.url.replace(/\/*$/, '/')).href;
    const seemsDestination = seemOne(await source.peers.system(alias, signal), there);
    if (!seemsDestination) return { ...away, hasSameAddress };
    const [own, peers] = [
      await shortest(() => source.system(signal)),
      await shortest(() => source.peers.system(alias, signal)),
    ];
    return { alias, seemsDestination, hasSameAddress, roundTripMs: Math.max(0, peers - own) };
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return away;
  }
}

/** In ms: what takes longer was held up by something else. */
async function shortest(ask: () => Promise<unknown>): Promise<number> {
  let ms = Infinity;
  for (let n = 0; n < askedTimes; n += 1) {
    const asked = performance.now();
    await ask();
    ms = Math.min(ms, performance.now() - asked);
  }
  return ms;
}

/**
 * The peer of the source that is the destination, for who orders a mode that needs one and does not name it.
 * @throws configuration `PEER_NOT_FOUND`
 */
export async function findPeer(ends: Ends, signal: AbortSignal): Promise<string> {
  const sights = (await lookAtPeers(ends, undefined, signal)).filter(
    ({ seemsDestination }) => seemsDestination,
  );
  const found = sights.find(({ hasSameAddress }) => hasSameAddress) ?? sights[0];
  if (found !== undefined) return found.alias;
  throw configurationError(
    'PEER_NOT_FOUND',
    `None of the peers of the source seems to be the destination ${ends.destination.url}: add it to OrthancPeers there, or name it with ${nameOf('destPeer')}.`,
  );
}
