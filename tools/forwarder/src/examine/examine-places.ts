import type { Finding } from '@orthanc-tools/failures';
import { digits, finderFor } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import { tryFile } from '@orthanc-tools/tool-runtime';

interface Places {
  /** That of the inbox; the others lie beside it. */
  readonly ledgerPath: string;
  readonly transferLog: string | undefined;
}

const littleSpace = 500 * 1024 * 1024;

/** Whether what the forwarder has to remember can be written. Leaves nothing. */
export async function examinePlaces({ ledgerPath, transferLog }: Places): Promise<Finding[]> {
  return [
    ...(await fileFindings('ledger', ledgerPath, 'ledgerPath')),
    ...(transferLog === undefined ? [] : await fileFindings('transfer log', transferLog, 'transferLog')),
  ];
}

async function fileFindings(subject: string, path: string, option: string): Promise<Finding[]> {
  const find = finderFor(subject);
  const place = await tryFile(path);
  if (place.is === 'refused') {
    const remedy = `Give a file in a folder that this user may write to with ${nameOf(option)}, in Docker on a volume.`;
    return [find('file', 'problem', `${path} cannot be written to (${place.code})`, remedy)];
  }
  const free = `${digits(Math.round(place.freeBytes / 1e6))} MB in ${place.folder}`;
  return [
    find('file', 'ok', `${path} ${place.isThere ? 'is there and can be written to' : 'can be made'}`),
    place.freeBytes < littleSpace
      ? find('free space', 'warning', free, 'Make room: without it nothing more can be forwarded.')
      : find('free space', 'ok', free),
  ];
}
