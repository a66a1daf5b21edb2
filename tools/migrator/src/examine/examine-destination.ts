import type { Finding } from '@orthanc-tools/failures';
import { finderFor } from '@orthanc-tools/server-examination';
import { nobodyAsked } from '../open-route.ts';
import { modalityFindings } from './examine-modality.ts';
import { peerFindings } from './examine-peer.ts';
import type { RouteLook } from './look.ts';

/** The server to which the studies go in the end, and whether it can be asked what has arrived; nothing of Orthanc itself. */
export async function destinationFindings(look: RouteLook): Promise<Finding[]> {
  const { passOn } = look.route;
  if (passOn?.to === 'peer') return peerFindings(look, passOn.alias);
  if (passOn?.to === 'modality') return modalityFindings(look, passOn.alias, 'destination');
  const aet = look.route.from === 'modality' ? look.route.arrivalAet : passOn?.aet;
  return aet === undefined ? [] : aetFindings(look, aet);
}

async function aetFindings(look: RouteLook, aet: string): Promise<Finding[]> {
  const { orthanc, route, signal } = look;
  const known = (await orthanc.modalities.settings(signal)).find((one) => one.aet === aet);
  if (known !== undefined) return modalityFindings(look, known.alias, 'destination');
  if (route.from === 'modality' && (await orthanc.system(signal)).aet === aet) return [];
  const find = finderFor(`destination ${aet}`);
  return route.from === 'modality'
    ? [find('AET', 'warning', nobodyAsked(aet), aetRemedy)]
    : [find('AET', 'problem', 'Orthanc knows no modality with this AET', aetRemedy)];
}

const aetRemedy =
  'Check --destination-aet (DESTINATION_AET), and enter it with host and port in DicomModalities in the configuration of Orthanc.';
