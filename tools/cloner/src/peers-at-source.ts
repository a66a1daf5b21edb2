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
  /** How long the farther one of both servers takes to answer us, in ms; 0 where nobody has asked. */
  readonly fromHereMs: number;
}

interface Ends {
  readonly source: Orthanc;
  readonly destination: Orthanc;
}

/** More are not looked through. */
const mostPeers = 20;
/** On a busy machine few of them are not held up by something else. */
const askedTimes = 10;
/** A peer that is away would cost the source a minute. */
const limitMs = 10_000;

export interface PeerQuestion {
  /** This one, whatever its address; otherwise any. */
  readonly named?: string | undefined;
  /** Of those that nobody has named only the ones that have the address of the destination; the others are left in peace. */
  readonly onlySameAddress?: boolean;
  readonly signal: AbortSignal;
}

/** How some peers of the source look beside the destination; nothing is changed anywhere. */
export async function lookAtPeers(
  ends: Ends,
  { named, onlySameAddress = false, signal }: PeerQuestion,
): Promise<PeerSight[]> {
  const aliases = named === undefined ? await ends.source.peers.names(signal) : [named];
  if (aliases.length === 0) return [];
  const there = await ends.destination.system(signal);
  const isLimited = onlySameAddress && named === undefined;
  return Promise.all(
    aliases.slice(0, mostPeers).map((alias) => lookAtPeer(alias, there, { ...ends, isLimited, signal })),
  );
}

interface PeerLook extends Ends {
  readonly isLimited: boolean;
  readonly signal: AbortSignal;
}

async function lookAtPeer(
  alias: string,
  told: SystemFacts,
  { source, destination, isLimited, signal }: PeerLook,
): Promise<PeerSight> {
  const away = {
    alias,
    seemsDestination: false,
    hasSameAddress: false,
    roundTripMs: undefined,
    fromHereMs: 0,
  };
  const limit = AbortSignal.timeout(limitMs);
  const inTime = AbortSignal.any([signal, limit]);
  try {
    const { url } = await source.peers.settings(alias, inTime);
    const hasSameAddress = new URL(url).href === new URL(destination.url.replace(/\/*$/, '/')).href;
    if (isLimited && !hasSameAddress) return away;
    const seemsDestination = seemOne(await source.peers.system(alias, inTime), told);
    if (!seemsDestination) return { ...away, hasSameAddress };
    const [own, there] = await Promise.all([
      shortest(() => source.system(inTime)),
      shortest(() => destination.system(inTime)),
    ]);
    const peers = await shortest(() => source.peers.system(alias, inTime));
    const fromHereMs = Math.max(own, there);
    return { alias, seemsDestination, hasSameAddress, roundTripMs: Math.max(0, peers - own), fromHereMs };
  } catch (error) {
    if (asFailure(error) === undefined && !(limit.aborted && !signal.aborted)) throw error;
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
  const sights = (await lookAtPeers(ends, { signal })).filter(({ seemsDestination }) => seemsDestination);
  const found = sights.find(({ hasSameAddress }) => hasSameAddress) ?? sights[0];
  if (found !== undefined) return found.alias;
  throw configurationError(
    'PEER_NOT_FOUND',
    `None of the peers of the source seems to be the destination ${ends.destination.url}: add it to OrthancPeers there, or name it with ${nameOf('destPeer')}.`,
  );
}
