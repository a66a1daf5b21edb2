import type { Finding } from '@orthanc-tools/failures';
import { connectOrthanc } from '@orthanc-tools/orthanc-client';
import { asFinding } from '@orthanc-tools/server-examination';
import type { WayLook } from './look.ts';

/** The peer as the inbox sees it. */
export function peerFinding({ inbox, route, find, signal }: WayLook): Promise<Finding> {
  return asFinding(
    async () => {
      const { version, apiVersion } = await inbox.peers.system(route.target, signal);
      return find('peer', 'ok', `Orthanc ${version}, API ${String(apiVersion)}, reached by the inbox`);
    },
    ({ message }) =>
      find(
        'peer',
        'problem',
        message,
        'Check its address, user and password in OrthancPeers of the inbox, and whether it runs.',
      ),
  );
}

/** The accelerator works only where both sides have it; that of the inbox is looked at with the inbox. */
export async function acceleratorFindings({ route, find }: WayLook): Promise<Finding[]> {
  const { connection } = route;
  if (route.mode !== 'transfer' || connection === undefined) return [];
  const check = 'transfers accelerator';
  const remedy =
    'The mode transfer needs it on both sides: enable the transfers plugin there, or use the mode peering.';
  const finding = await asFinding(
    async () => {
      await using remote = connectOrthanc(connection);
      const isThere = (await remote.plugins()).includes('transfers');
      return isThere
        ? find(check, 'ok', 'there')
        : find(check, 'problem', 'missing at the destination', remedy);
    },
    ({ message }) => find(check, 'unknown', message, remedy),
  );
  return [finding];
}
