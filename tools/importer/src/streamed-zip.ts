import { type InflateRaw, createInflateRaw, crc32 } from 'node:zlib';
import { permanentFailure } from '@orthanc-tools/failures';
import { type Taker, checkedBeforeEnd, resumable, takerOf } from './pieces.ts';

/** A member of a ZIP that is read from its beginning to its end; to be read, or left, before the next one is asked for. */
export interface StreamedMember {
  readonly name: Buffer;
  /** Bytes; undefined where it shows only at the end of the member. */
  readonly size: number | undefined;
  readonly isEncrypted: boolean;
  body(): AsyncIterable<Buffer>;
}

const [localHeader, dataDescriptor] = [0x04034b50, 0x08074b50];
/** What follows the last member. */
const afterMembers = new Set([0x02014b50, 0x06054b50, 0x06064b50, 0x08064b50]);
const [stored, deflated] = [0, 8];
const in64 = 0xffffffff;

interface Header {
  readonly name: Buffer;
  readonly method: number;
  readonly isEncrypted: boolean;
  /** Lengths and checksum stand behind the member. */
  readonly isDescribedLater: boolean;
  readonly is64: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/**
 * The members of a ZIP in the order in which they lie, by the headers before them (APPNOTE 4.3.7): the list at its end
 * could only be used where all of it is held. The checksums are compared.
 * @throws permanent `ARCHIVE_TOO_LARGE_TO_NEST` where a member does not tell its length; an Error when it is damaged
 */
export async function* streamedZip(body: AsyncIterable<Buffer>): AsyncGenerator<StreamedMember> {
  const taker = takerOf(body);
  for (;;) {
    const signature = (await taker.take(4)).readUInt32LE();
    if (afterMembers.has(signature)) return;
    if (signature !== localHeader) throw new Error('no header of a member');
    const header = await readHeader(taker);
    const bytes = resumable(contentOf(header, taker));
    yield {
      name: header.name,
      size: header.isDescribedLater ? undefined : header.size,
      isEncrypted: header.isEncrypted,
      body: () => bytes,
    };
    // Whatever was not read of it lies before the next one.
    for await (const piece of bytes) void piece;
  }
}

async function readHeader(taker: Taker): Promise<Header> {
  const fixed = await taker.take(26);
  const flags = fixed.readUInt16LE(2);
  const name = await taker.take(fixed.readUInt16LE(22));
  const extra = await taker.take(fixed.readUInt16LE(24));
  const lengths = [fixed.readUInt32LE(18), fixed.readUInt32LE(14)] as const;
  const [size, packed] = lengths64In(extra, lengths);
  return {
    name,
    method: fixed.readUInt16LE(4),
    isEncrypted: (flags & 1) === 1,
    isDescribedLater: (flags & 8) !== 0,
    is64: lengths.includes(in64),
    crc: fixed.readUInt32LE(10),
    packed,
    size,
  };
}

/** The extra field 1 holds, in this order, those lengths that do not fit into 32 bits (APPNOTE 4.5.3). */
function lengths64In(extra: Buffer, [size, packed]: readonly [number, number]): [number, number] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    const next = (short: number) => {
      if (short !== in64) return short;
      from += 8;
      return Number(extra.readBigUInt64LE(from - 8));
    };
    return [next(size), next(packed)];
  }
  return [size, packed];
}

async function* contentOf(header: Header, taker: Taker): AsyncGenerator<Buffer> {
  const { method, isEncrypted, isDescribedLater, packed } = header;
  if (isDescribedLater && (method !== deflated || isEncrypted)) throw endless();
  if (!isEncrypted && method !== stored && method !== deflated) throw new Error('unknown compression');
  const inflates = method === deflated && !isEncrypted;
  const pieces = inflates ? inflated(taker, isDescribedLater ? undefined : packed) : exactly(taker, packed);
  let crc = 0;
  yield* checkedBeforeEnd(pieces, {
    see: (piece) => (crc = crc32(piece, crc)),
    check: async () => {
      const expected = isDescribedLater ? await describedCrc(taker, header) : header.crc;
      if (!isEncrypted && crc !== expected) throw new Error('another checksum');
    },
  });
}

const endless = () =>
  permanentFailure(
    'ARCHIVE_TOO_LARGE_TO_NEST',
    'A ZIP within an archive is too large to be held, and does not tell where a member of it ends.',
  );

async function* exactly(taker: Taker, length: number): AsyncGenerator<Buffer> {
  for (let missing = length; missing > 0;) {
    const piece = await taker.takeAny();
    if (piece === undefined) throw new Error('the member ends early');
    if (piece.length > missing) taker.putBack(piece.subarray(missing));
    yield piece.subarray(0, missing);
    missing -= Math.min(missing, piece.length);
  }
}

/** Little at a time: it may become a thousand times as much. */
const stepBytes = 16 * 1024;

/** Ends where the compressed data end; what lies behind them goes back. */
async function* inflated(taker: Taker, packed = Infinity): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw();
  try {
    for (let fed = 0; ;) {
      const step = await takeAtMost(taker, Math.min(stepBytes, packed - fed));
      if (step.length === 0 && packed === Infinity) throw new Error('the member ends early');
      fed += step.length;
      const { pieces, isEnd } = await inflateStep(inflate, step);
      yield* pieces;
      if (!isEnd) continue;
      if (fed > inflate.bytesWritten)
        taker.putBack(step.subarray(step.length - (fed - inflate.bytesWritten)));
      if (packed !== Infinity && inflate.bytesWritten !== packed) throw new Error('another length');
      return;
    }
  } finally {
    inflate.destroy();
  }
}

/** Empty at the end of the body, or where nothing is asked for. */
async function takeAtMost(taker: Taker, most: number): Promise<Buffer> {
  const piece = most === 0 ? undefined : await taker.takeAny();
  if (piece === undefined) return Buffer.alloc(0);
  if (piece.length > most) taker.putBack(piece.subarray(most));
  return piece.subarray(0, most);
}

/** @throws the error of zlib, also where nothing more comes and the data have no end */
function inflateStep(inflate: InflateRaw, step: Buffer): Promise<{ pieces: Buffer[]; isEnd: boolean }> {
  const pieces: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const take = (piece: Buffer) => pieces.push(piece);
    const settle = (conclude: () => void) => {
      inflate.off('data', take).off('error', fail).off('end', end);
      conclude();
    };
    const fail = (error: Error) => settle(() => reject(error));
    const end = () => settle(() => resolve({ pieces, isEnd: true }));
    inflate.on('data', take).on('error', fail).on('end', end);
    if (step.length === 0) inflate.end();
    else inflate.write(step, () => setImmediate(settle, () => resolve({ pieces, isEnd: false })));
  });
}

async function describedCrc(taker: Taker, { is64 }: Header): Promise<number> {
  const first = (await taker.take(4)).readUInt32LE();
  const crc = first === dataDescriptor ? (await taker.take(4)).readUInt32LE() : first;
  await taker.take(is64 ? 16 : 8);
  return crc;
}
