import { createHash } from 'node:crypto';
import { ambiguousFailure } from '@orthanc-tools/failures';
import { type Orthanc, type StoreReceipt, refusalIn } from '@orthanc-tools/orthanc-client';
import type { Content } from './content.ts';
import type { Distance } from './distance.ts';
import type { Hashed } from './hold-together.ts';
import type { Identity } from './identify.ts';
import type { LabelGate } from './label-gate.ts';

export interface Parcel {
  readonly content: Content;
  /** Undefined where the beginning does not tell. */
  readonly identity: Identity | undefined;
}

/** A parcel after it was sent, or after it was found to be there. */
export interface Placed extends Parcel {
  readonly id: string;
  /** Of what was read. */
  readonly md5: string;
  readonly isNew: boolean;
}

export interface SendContext {
  readonly orthanc: Orthanc;
  readonly distance: Distance;
  readonly gate: LabelGate;
  readonly signal: AbortSignal;
  /** Told once of a content that is streamed, when a part of it is on its way: it was not that content that ends a process. */
  readonly onStreaming?: (content: Content) => void;
}

/** Sends a content: as it was read where it is small enough for that, otherwise as it comes. */
export async function sendParcel(
  parcel: Parcel,
  hashed: Hashed | undefined,
  context: SendContext,
): Promise<Placed> {
  if (hashed === undefined) return streamParcel(parcel, context);
  const { orthanc, gate, distance, signal } = context;
  const receipt = await gate.store(parcel.identity?.studyId, async () => {
    const [first] = await distance.known.stores.spend(1, () => orthanc.instances.store(hashed.bytes, signal));
    return first;
  });
  // Not after a failure: the bytes may still be on their way.
  hashed.release();
  return placedBy(receipt, parcel, hashed.md5);
}

/** So much (bytes) is a part worth telling of. */
const begunAfter = 1024 * 1024;

async function streamParcel(
  parcel: Parcel,
  { orthanc, gate, distance, signal, onStreaming }: SendContext,
): Promise<Placed> {
  const { content, identity } = parcel;
  const md5 = createHash('md5');
  let taken = 0;
  const see = (piece: Buffer) => {
    const isFirst = taken < begunAfter && taken + piece.length >= begunAfter;
    taken += piece.length;
    md5.update(piece);
    if (isFirst) onStreaming?.(content);
  };
  const receipt = await gate.store(identity?.studyId, async () => {
    const body = seen(content.pass?.() ?? content.body(), see);
    const length = content.isSizeUnknown ? undefined : content.size;
    const [first] = await distance.known.stores.spend(1, () =>
      orthanc.instances.store({ body, length }, signal),
    );
    return first;
  });
  return placedBy(receipt, parcel, md5.digest('hex'));
}

async function* seen(body: AsyncIterable<Buffer>, see: (piece: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const piece of body) {
    see(piece);
    yield piece;
  }
}

/** @throws the failure that the receipt tells */
export function placedBy(receipt: StoreReceipt | undefined, parcel: Parcel, md5: string): Placed {
  const refusal = receipt && refusalIn(receipt);
  if (refusal !== undefined) throw refusal;
  if (receipt?.id === undefined)
    throw ambiguousFailure('ORTHANC_NO_RECEIPT', 'Orthanc gave no receipt for the instance.');
  return { ...parcel, id: receipt.id, md5, isNew: receipt.status === 'Success' };
}

/** What is there already is read for its MD5 only. */
export async function readParcel(parcel: Parcel, hashed: Hashed | undefined, id: string): Promise<Placed> {
  hashed?.release();
  return { ...parcel, id, md5: hashed?.md5 ?? (await streamedMd5(parcel.content)), isNew: false };
}

async function streamedMd5(content: Content): Promise<string> {
  const md5 = createHash('md5');
  for await (const piece of content.pass?.() ?? content.body()) md5.update(piece);
  return md5.digest('hex');
}
