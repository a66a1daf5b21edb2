import { createHash } from 'node:crypto';
import { askOrthanc } from './ask-orthanc.ts';
import type { OrthancAddress } from './ask-orthanc.ts';
import { inParallel } from './in-parallel.ts';

/** One instance as an Orthanc holds it. */
export interface HeldInstance {
  /** As Orthanc has computed it on arrival; empty where it was told not to. */
  readonly md5: string;
  readonly bytes: number;
  /** Of the file as downloaded; undefined unless asked for. */
  readonly sha256: string | undefined;
}

/** By Orthanc ID. */
export type Snapshot = ReadonlyMap<string, HeldInstance>;

export interface SnapshotOptions {
  /** 'files' downloads and hashes every file; 'index' believes what Orthanc's index says. */
  readonly read?: 'index' | 'files';
}

const pageLength = 2000;
const dicomAttachment = 1;

interface FoundInstance {
  readonly ID: string;
  readonly Attachments: readonly {
    readonly ContentType: number;
    readonly UncompressedMD5?: string;
    readonly UncompressedSize: number;
  }[];
}

/**
 * What an Orthanc really holds, asked without any code of the tools. Nothing must arrive or be deleted meanwhile.
 *
 * @throws Error when it lists more or fewer instances than it counts
 */
export async function snapshotOrthanc(
  orthanc: OrthancAddress,
  options: SnapshotOptions = {},
): Promise<Snapshot> {
  const held = new Map<string, HeldInstance>();
  let since = 0;
  // A server may tell fewer at once than it is asked for (`LimitFindInstances`): only an empty page is the end.
  for (;;) {
    const page = await findInstances(orthanc, since);
    if (page.length === 0) break;
    for (const { ID: id, Attachments: attachments } of page) {
      const file = attachments.find(({ ContentType: type }) => type === dicomAttachment);
      if (file === undefined) throw new Error(`Instance ${id} has no DICOM file`);
      held.set(id, { md5: file.UncompressedMD5 ?? '', bytes: file.UncompressedSize, sha256: undefined });
    }
    since += page.length;
  }
  const counted = await countInstances(orthanc);
  if (counted !== held.size)
    throw new Error(`${orthanc.url} counts ${String(counted)} instances and lists ${String(held.size)}`);
  return options.read === 'files' ? await withFileHashes(orthanc, held) : held;
}

async function findInstances(orthanc: OrthancAddress, since: number): Promise<readonly FoundInstance[]> {
  const query = {
    Level: 'Instance',
    Query: {},
    ResponseContent: ['Attachments'],
    Since: since,
    Limit: pageLength,
  };
  const answer = await askOrthanc(orthanc, '/tools/find', { method: 'POST', body: JSON.stringify(query) });
  return (await answer.json()) as readonly FoundInstance[];
}

async function countInstances(orthanc: OrthancAddress): Promise<number> {
  const { CountInstances: count } = (await (await askOrthanc(orthanc, '/statistics')).json()) as {
    CountInstances: number;
  };
  return count;
}

async function withFileHashes(orthanc: OrthancAddress, held: Snapshot): Promise<Snapshot> {
  const hashed = new Map<string, HeldInstance>();
  await inParallel(held, 8, async ([id, instance]) => {
    const answer = await askOrthanc(orthanc, `/instances/${id}/file`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const md5 = createHash('md5').update(bytes).digest('hex');
    if (instance.md5 !== '' && instance.md5 !== md5)
      throw new Error(`Instance ${id}: the file is not what the index says`);
    hashed.set(id, { md5, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  });
  return hashed;
}
