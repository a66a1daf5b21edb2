import { asFailure } from '@orthanc-tools/failures';
import { type Orthanc, connectOrthanc } from '@orthanc-tools/orthanc-client';
import { seemOne } from '@orthanc-tools/server-examination';

/** Nobody waits long for what may not be reachable from here at all. */
const limitMs = 5000;

/**
 * The Orthanc behind a peer of the source, where it also answers us at that address and asks for no credentials: then it
 * can be asked what it holds. Undefined where it does not, or where somebody else answers.
 */
export async function peerItself(
  source: Orthanc,
  alias: string,
  signal: AbortSignal,
): Promise<Orthanc | undefined> {
  const [{ url, user }, told] = await Promise.all([
    source.peers.settings(alias, signal),
    source.peers.system(alias, signal),
  ]);
  if (user !== undefined) return undefined;
  const peer = connectOrthanc({ url });
  try {
    if (seemOne(await peer.system(signal, limitMs), told)) return peer;
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
  }
  await peer[Symbol.asyncDispose]();
  return undefined;
}
