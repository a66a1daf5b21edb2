import type { Ask } from './ask.ts';
import { type DicomWebServers, dicomWebServersOf } from './dicom-web-servers.ts';
import { type Modalities, modalitiesOf } from './modalities.ts';
import { type Peers, peersOf } from './peers.ts';
import type { SendFile } from './send-file.ts';
import { type Transfers, transfersOf } from './transfers.ts';

/** Where one Orthanc sends: what is configured in it, by alias. */
export interface Destinations {
  readonly modalities: Modalities;
  readonly peers: Peers;
  readonly dicomWebServers: DicomWebServers;
  readonly transfers: Transfers;
}

export function destinationsOf(
  ask: Ask,
  sendFile: SendFile,
  findWebRoot: () => Promise<string | undefined>,
): Destinations {
  return {
    modalities: modalitiesOf(ask, sendFile),
    peers: peersOf(ask, sendFile),
    dicomWebServers: dicomWebServersOf(ask, findWebRoot),
    transfers: transfersOf(ask),
  };
}
