import { crc32 } from 'node:zlib';
import { type ArchiveEntry, encrypted, isFolder } from './archive-entry.ts';
import { keyOf } from './file-key.ts';
import { checkedBeforeEnd } from './pieces.ts';
import { streamedZip } from './streamed-zip.ts';

export type ZipSource = { readonly fd: number } | { readonly bytes: Buffer };

/** The members of a ZIP by the list at its end. @throws an Error when it is damaged */
export async function* zipEntries(source: ZipSource): AsyncGenerator<ArchiveEntry> {
  const { default: yauzl } = await import('yauzl');
  // Names are taken as bytes: they are never used as paths.
  const settings = { lazyEntries: true, decodeStrings: false, autoClose: false } as const;
  const zip =
    'fd' in source
      ? await yauzl.fromFdPromise(source.fd, settings)
      : await yauzl.fromBufferPromise(source.bytes, settings);
  for await (const entry of zip.eachEntry()) {
    const name = keyOf(entry.fileNameRaw);
    if (isFolder(name, entry.uncompressedSize)) continue;
    yield {
      name,
      size: entry.uncompressedSize,
      open: async () => {
        if (entry.isEncrypted()) throw encrypted();
        const body = (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>;
        return withChecksum(body, entry.crc32);
      },
    };
  }
}

function withChecksum(body: AsyncIterable<Buffer>, expected: number): AsyncIterable<Buffer> {
  let crc = 0;
  return checkedBeforeEnd(body, {
    see: (piece) => (crc = crc32(piece, crc)),
    check: () => {
      if (crc !== expected) throw new Error('another checksum');
    },
  });
}

/** The members of a ZIP that comes as a stream. @throws as `streamedZip` */
export async function* streamedZipEntries(body: AsyncIterable<Buffer>): AsyncGenerator<ArchiveEntry> {
  for await (const member of streamedZip(body)) {
    const name = keyOf(member.name);
    if (isFolder(name, member.size)) continue;
    const open = () => (member.isEncrypted ? Promise.reject(encrypted()) : Promise.resolve(member.body()));
    yield { name, size: member.size, open };
  }
}
