import type { Finding } from '@orthanc-tools/failures';
import { connectionFrom } from '@orthanc-tools/orthanc-client';
import {
  answer,
  asFinding,
  authentication,
  examineServer,
  finderFor,
  rightToRead,
  storedMd5,
  transport,
  version,
} from '@orthanc-tools/server-examination';
import { asker } from './asker.ts';
import type { RouteLook } from './look.ts';

const peerRemedy =
  'Check the peer in the configuration of Orthanc (OrthancPeers: Url, Username, Password), whether it runs, and the firewall.';

/** Whether Orthanc reaches the peer, and whether it can be asked what has arrived there. */
export async function peerFindings(look: RouteLook, alias: string): Promise<Finding[]> {
  const { orthanc, options, signal } = look;
  const find = finderFor(`destination ${alias}`);
  const names = await orthanc.peers.names(signal);
  if (!names.includes(alias)) {
    const others = names.length === 0 ? 'it knows none' : `it knows ${names.join(', ')}`;
    const remedy =
      'Give --destination-peer (DESTINATION_PEER) one of them, or enter it in OrthancPeers in the configuration of Orthanc.';
    return [find('peer', 'problem', `Orthanc knows no peer "${alias}"; ${others}`, remedy)];
  }
  const reached = await asFinding(
    async () => {
      await orthanc.peers.system(alias, signal);
      return find('peer', 'ok', 'answers Orthanc');
    },
    ({ message }) => find('peer', 'problem', message, peerRemedy),
  );
  return [reached, ...(options.destUrl === undefined ? [nobodyToAsk(alias)] : await askedFindings(look))];
}

const nobodyToAsk = (alias: string): Finding =>
  finderFor(`destination ${alias}`)(
    'proof',
    'warning',
    'nobody can be asked what has arrived: studies are called accepted, and nothing is proved',
    'Give --dest-url (DEST_URL), the address of its REST API.',
  );

const askedFindings = ({ options }: RouteLook): Promise<Finding[]> =>
  examineServer(
    { subject: 'destination', flags: '--dest', asker, connection: () => connectionFrom(options, 'dest') },
    [
      answer,
      version,
      authentication,
      transport,
      rightToRead,
      storedMd5('Set StoreMD5ForAttachments to true: otherwise an image is proved by its ID alone.'),
    ],
  );
