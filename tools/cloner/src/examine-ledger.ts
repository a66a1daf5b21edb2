import { dirname, resolve } from 'node:path';
import type { Finding } from '@orthanc-tools/failures';
import { digits, finderFor } from '@orthanc-tools/server-examination';
import { tryFile } from '@orthanc-tools/tool-runtime';
import type { LedgerPlace } from './ledger-place.ts';

const find = finderFor('ledger');
const littleSpace = 500 * 1024 * 1024;
const otherPlace =
  'Give a file in a folder that this user may write to with --ledger-path (LEDGER_PATH), in Docker on a volume.';

/** Whether the folder of the ledger can be written to and has room: a million studies need about 250 MB. Leaves nothing. */
export async function examineLedger({ path, pythonState }: LedgerPlace): Promise<Finding[]> {
  const place = await tryFile(path);
  if (place.is === 'refused')
    return place.at === 'folder'
      ? [
          find(
            'folder',
            'problem',
            `${dirname(resolve(path))} cannot be written to (${place.code})`,
            otherPlace,
          ),
        ]
      : [
          find(
            'folder',
            'problem',
            `${path} cannot be written to (${place.code})`,
            'Give this user the file.',
          ),
        ];
  const note = pythonState === undefined ? '' : '; all that the Python tool has copied is proved again';
  const can = place.isThere ? 'is there and can be written to' : 'can be made';
  return [find('folder', 'ok', `${path} ${can}${note}`), spaceFinding(place)];
}

function spaceFinding({
  folder,
  freeBytes,
}: {
  readonly folder: string;
  readonly freeBytes: number;
}): Finding {
  const found = `${digits(Math.round(freeBytes / 1e6))} MB in ${folder}`;
  return freeBytes < littleSpace
    ? find('free space', 'warning', found, 'A million studies need about 250 MB: make room.')
    : find('free space', 'ok', found);
}
