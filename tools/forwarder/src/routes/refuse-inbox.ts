import { configurationError } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { leadToOne, leadsBack } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
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
  if (!(await isInbox(route, ends, signal))) return;
  throw configurationError(
    'DESTINATION_IS_INBOX',
    `The destination ${route.target} (${route.mode}) is the inbox itself: what is sent there and proved would then be deleted, and nothing be left. Give that of another server by ${optionsFor(route).join(' and ')}, or in the destinations file by "target" and "url"; if these are two that tell the same of themselves, give each a "Name" of its own in Orthanc's configuration.`,
  );
}

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
