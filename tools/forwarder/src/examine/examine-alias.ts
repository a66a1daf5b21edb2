import type { Finding } from '@orthanc-tools/failures';
import type { Mode } from '../destination.ts';
import { asFinding } from '@orthanc-tools/server-examination';
import type { WayLook } from './look.ts';

interface Kind {
  readonly name: string;
  readonly setting: string;
  names(look: WayLook): Promise<readonly string[]>;
}

const modality: Kind = {
  name: 'a modality',
  setting: 'DicomModalities',
  names: ({ inbox, signal }) => inbox.modalities.names(signal),
};
const webServer: Kind = {
  name: 'a DICOMweb server',
  setting: 'DicomWeb.Servers',
  names: ({ inbox, signal }) => inbox.dicomWebServers.names(signal),
};
const peer: Kind = {
  name: 'a peer',
  setting: 'OrthancPeers',
  names: ({ inbox, signal }) => inbox.peers.names(signal),
};

const kinds: Readonly<Record<Exclude<Mode, 'orthanc'>, Kind>> = {
  dicom: modality,
  'dicom-series-by-series': modality,
  'dicom-web': webServer,
  'dicom-web-series-by-series': webServer,
  peering: peer,
  transfer: peer,
};

/** Whether the inbox knows the alias as what the mode takes it for. */
export function aliasFinding(look: WayLook, mode: Exclude<Mode, 'orthanc'>): Promise<Finding> {
  const { route, find } = look;
  const kind = kinds[mode];
  return asFinding(
    async () => {
      const known = await kind.names(look);
      if (known.includes(route.target)) return find('alias', 'ok', `${kind.name} of the inbox`);
      const others = known.length === 0 ? 'it knows none' : `it knows ${known.join(', ')}`;
      const remedy = `Correct the alias, or add it to ${kind.setting} in the configuration of the inbox; another kind of destination needs another --mode (MODE).`;
      return find('alias', 'problem', `no alias of ${kind.name} of the inbox; ${others}`, remedy);
    },
    ({ message }) =>
      find('alias', 'problem', message, `Correct ${kind.setting} in the configuration of the inbox.`),
  );
}
