import { configurationError } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { leadToOne } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import type { Route } from '../destination.ts';

interface Ends {
  readonly inbox: Orthanc;
  readonly remote: Orthanc | undefined;
}

/**
 * Whether another is asked than the peer to which the inbox sends. Where one of the two does not tell its
 * `DatabaseServerIdentifier`, nobody can say it.
 */
export async function isStranger(
  { mode, target }: Pick<Route, 'mode' | 'target'>,
  { inbox, remote }: Ends,
  signal: AbortSignal,
): Promise<boolean> {
  if (remote === undefined || (mode !== 'peering' && mode !== 'transfer')) return false;
  const askPeer = () => inbox.peers.system(target, signal);
  const askRemote = () => remote.system(signal);
  const told = [await askPeer(), await askRemote()];
  if (told.some(({ databaseIdentifier }) => databaseIdentifier === undefined)) return false;
  return !(await leadToOne(askPeer, askRemote));
}

/**
 * Whoever is asked in place of the peer may hold all of it already, while the peer got nothing.
 * @throws configuration `DESTINATION_NOT_PEER`; what the servers answer when they are away
 */
export async function refuseStranger(route: Route, ends: Ends, signal: AbortSignal): Promise<void> {
  if (!(await isStranger(route, ends, signal))) return;
  const { mode, target } = route;
  throw configurationError(
    'DESTINATION_NOT_PEER',
    `The address of the destination ${target} (${mode}) leads to another than the peer to which the inbox sends: nothing is deleted by its word. Give that of the peer itself by ${nameOf('destUrl')}, or in the destinations file by "url"; or send to that address, without the peer, by the mode orthanc.`,
  );
}
