import { createHash } from 'node:crypto';
import type { Orthanc } from '@orthanc-tools/orthanc-client';

type StoredFile = readonly [orthanc: Orthanc, instanceId: string];

/**
 * Whether two files hold the same data set. Their MD5 differs also where one was sent by C-STORE, which writes a new
 * head (group 0002): only what follows it tells.
 */
export async function haveSameDataSet(here: StoredFile, there: StoredFile): Promise<boolean> {
  const [ours, theirs] = await Promise.all([hashOf(here), hashOf(there)]);
  return ours === theirs;
}

/** Preamble, `DICM`, and the element (0002,0000) with the length of what is left of group 0002 (DICOM PS3.10 7.1). */
const startOfHead = 132;
const lengthElement = 12;
const longestHead = 1024 * 1024;

async function hashOf([orthanc, instanceId]: StoredFile): Promise<string> {
  const { body } = await orthanc.instances.openFile(instanceId);
  const hash = createHash('md5');
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of body) {
    if (head === undefined) {
      hash.update(piece);
      continue;
    }
    head = Buffer.concat([head, piece]);
    const end = endOfHead(head);
    if (head.length < end && head.length < longestHead) continue;
    hash.update(transferSyntaxIn(head.subarray(0, end))).update(head.subarray(end));
    head = undefined;
  }
  return hash.update(head ?? '').digest('hex');
}

/** Where the data set begins; 0 in a file without a head. */
function endOfHead(bytes: Buffer): number {
  if (bytes.length < startOfHead + lengthElement) return Infinity;
  const isPart10 = bytes.toString('latin1', 128, startOfHead) === 'DICM';
  return isPart10 && bytes.readUInt32LE(startOfHead) === 2
    ? startOfHead + lengthElement + bytes.readUInt32LE(startOfHead + 8)
    : 0;
}

const transferSyntax = Buffer.from([0x02, 0x00, 0x10, 0x00, 0x55, 0x49]);

/** Transfer Syntax UID (0002,0010): the same bytes mean another thing in another one. */
function transferSyntaxIn(head: Buffer): string {
  const at = head.indexOf(transferSyntax, startOfHead);
  if (at < 0) return '';
  const length = head.readUInt16LE(at + 6);
  return head
    .toString('latin1', at + 8, at + 8 + length)
    .replaceAll('\0', '')
    .trim();
}
