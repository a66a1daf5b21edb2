import { asFailure, configurationError } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { isOneFile, leadToOne, leadsBack } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import type { Route } from '../destination.ts';
import type { There } from '../judge-instance.ts';
import type { Outgoing } from '../open-route.ts';

interface Ends {
  readonly inbox: Orthanc;
  /** Undefined: only the inbox can ask it. */
  readonly remote: Orthanc | undefined;
}

/**
 * A way that leads back into the inbox would prove there what is deleted there afterwards: the only copy. Told by what a
 * server says of itself, and, of one that can only be reached through the inbox, by the address that the inbox has of it.
 * @throws configuration `DESTINATION_IS_INBOX`; what the servers answer when they are away
 */
export async function refuseInbox(route: Route, ends: Ends, signal: AbortSignal): Promise<void> {
  if (!(await isInbox(route, ends, signal))) return;
  throw configurationError(
    'DESTINATION_IS_INBOX',
    `The destination ${route.target} (${route.mode}) is the inbox itself: what is sent there and proved would then be deleted, and nothing be left. ${giveAnother(route)}; if these are two that tell the same of themselves, give each a "Name" of its own in Orthanc's configuration.`,
  );
}

/**
 * Two Orthancs on one database and storage tell other names, and each file that is deleted at the one is gone at the other.
 * It shows in what both call the file of one image; of the first that is found there in a run, as it is one for all.
 * @throws configuration `DESTINATION_IS_INBOX`; what the servers answer when they are away
 */
export function refuseOneStorage(route: Route, { inbox, remote }: Ends) {
  let isApart: Promise<boolean> | undefined;
  return async (
    instances: readonly Outgoing[],
    there: ReadonlyMap<string, There>,
    signal: AbortSignal,
  ): Promise<void> => {
    const found = instances.find(({ id }) => there.get(id)?.is === 'held');
    if (remote === undefined || found === undefined) return;
    isApart ??= isKnownApart(found, { here: inbox, there: remote, signal }, route).catch((error: unknown) => {
      isApart = undefined;
      throw error;
    });
    if (!(await isApart)) isApart = undefined;
  };
}

/** False where it is to be asked of another image. */
async function isKnownApart(
  { id, made }: Outgoing,
  sides: Parameters<typeof isOneFile>[1],
  route: Route,
): Promise<boolean> {
  const isOne = await isOneFile(made?.id ?? id, sides).catch(orUntold);
  if (isOne === true)
    throw configurationError(
      'DESTINATION_IS_INBOX',
      `The destination ${route.target} (${route.mode}) holds the same files as the inbox, on one storage with it or on a copy of it: it would vouch for what is deleted. ${giveAnother(route)}.`,
    );
  // What is made on the way the inbox does not hold itself.
  return isOne === false || made !== undefined;
}

/** Whoever may not read it can tell neither. */
function orUntold(error: unknown): undefined {
  const kind = asFailure(error)?.kind;
  if (kind !== 'permanent' && kind !== 'configuration') throw error;
}

const giveAnother = (route: Route): string =>
  `Give that of another server by ${optionsFor(route).join(' and ')}, or in the destinations file by "target" and "url"`;

const optionsFor = ({ mode, connection }: Route): readonly string[] => [
  ...(mode === 'orthanc' ? [] : [nameOf('destination')]),
  ...(connection === undefined ? [] : [nameOf('destUrl')]),
];

async function isInbox(
  { mode, target }: Route,
  { inbox, remote }: Ends,
  signal: AbortSignal,
): Promise<boolean> {
  const askInbox = () => inbox.system(signal);
  if (remote !== undefined) {
    if (remote.url === inbox.url) return true;
    if (await leadToOne(askInbox, () => remote.system(signal))) return true;
  }
  switch (mode) {
    case 'orthanc':
      return false;
    case 'peering':
    case 'transfer':
      return leadToOne(askInbox, () => inbox.peers.system(target, signal));
    case 'dicom':
    case 'dicom-series-by-series': {
      const modality = (await inbox.modalities.settings(signal)).find(({ alias }) => alias === target);
      if (modality === undefined) return false;
      return leadsBack(modality, { port: (await askInbox()).dicomPort, url: inbox.url });
    }
    case 'dicom-web':
    case 'dicom-web-series-by-series': {
      const {
        hostname: host,
        port,
        protocol,
      } = new URL((await inbox.dicomWebServers.address(target, signal)).url);
      const usualPort = protocol === 'https:' ? 443 : 80;
      const address = { host, port: port === '' ? usualPort : Number(port) };
      return leadsBack(address, { port: (await askInbox()).httpPort, url: inbox.url });
    }
  }
}
