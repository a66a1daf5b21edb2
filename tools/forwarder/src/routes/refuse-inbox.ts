import { configurationError } from '@orthanc-tools/failures';
import type { Orthanc, SystemFacts } from '@orthanc-tools/orthanc-client';
import { seemOne } from '@orthanc-tools/server-examination';
import type { Route } from '../destination.ts';

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
  if (!(await leadsBack(route, ends, signal))) return;
  throw configurationError(
    'DESTINATION_IS_INBOX',
    `The destination ${route.target} (${route.mode}) is the inbox itself: what is sent there and proved would then be deleted, and nothing be left. Give the address of another server; if these are two that tell the same of themselves, give each a "Name" of its own in Orthanc's configuration.`,
  );
}

async function leadsBack(
  { mode, target }: Route,
  { inbox, remote }: Ends,
  signal: AbortSignal,
): Promise<boolean> {
  const own = await inbox.system(signal);
  if (remote !== undefined && (remote.url === inbox.url || seemOne(own, await remote.system(signal))))
    return true;
  switch (mode) {
    case 'orthanc':
      return false;
    case 'peering':
    case 'transfer':
      return seemOne(own, await inbox.peers.system(target, signal));
    case 'dicom':
    case 'dicom-series-by-series': {
      const modality = (await inbox.modalities.settings(signal)).find(({ alias }) => alias === target);
      return modality !== undefined && isOwn(modality, own.dicomPort, inbox);
    }
    case 'dicom-web':
    case 'dicom-web-series-by-series': {
      const {
        hostname: host,
        port,
        protocol,
      } = new URL((await inbox.dicomWebServers.address(target, signal)).url);
      const usualPort = protocol === 'https:' ? 443 : 80;
      return isOwn({ host, port: port === '' ? usualPort : Number(port) }, own.httpPort, inbox);
    }
  }
}

interface Address {
  readonly host: string;
  readonly port: number | undefined;
}

const loopback = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i;

/** Seen from the inbox: its own machine, by the port on which it listens there. */
const isOwn = ({ host, port }: Address, ownPort: SystemFacts['httpPort'], inbox: Orthanc): boolean =>
  port !== undefined && port === ownPort && (loopback.test(host) || isHostOf(inbox, host));

/** Where the inbox is not this very machine, its own name leads there from everywhere. */
function isHostOf(inbox: Orthanc, host: string): boolean {
  const { hostname } = new URL(inbox.url);
  return !loopback.test(hostname) && hostname.toLowerCase() === host.toLowerCase();
}
