import { md5OfEach } from '@orthanc-tools/copy-proof';
import { allEnded, asFailure, sideBySide } from '@orthanc-tools/failures';
import type { Budget } from '@orthanc-tools/work-loop';
import { type Held, heldContent } from './content.ts';
import type { Parcel } from './send-content.ts';

/** All of a content, and its MD5. */
export interface Hashed extends Held {
  readonly md5: string;
}

/** Undefined where it must be streamed. */
export type Read = Hashed | undefined | Failed;

/** It cannot be read, by a failure. */
interface Failed {
  readonly error: unknown;
}

export const hasFailed = (read: Read): read is Failed => read !== undefined && 'error' in read;

/** As many as are hashed side by side. */
const mostTogether = 8;
/** So many bytes are, at most, unless one alone has more. */
const largestGroup = 8 * 1024 * 1024;
/** Of one hand: one is on its way while the next is read. */
const groupsAtOnce = 2;
/** What is streamed takes about so many bytes, however long it is. */
const streamBytes = 1024 * 1024;

/**
 * Reads contents a few at a time, as their MD5 is cheaper together, and does the work for each, side by side, while the
 * next are read. As many bytes are held as the room has, whoever asks. Once work has failed no other group is begun; rejects
 * with it when those that were have ended.
 */
export async function whileHeld(
  parcels: readonly Parcel[],
  room: Budget,
  work: (parcel: Parcel, read: Read) => Promise<void>,
): Promise<void> {
  await sideBySide(groupsIn(parcels), groupsAtOnce, (group) =>
    room.spend(bytesFor(group), async () => {
      const read = await readAll(group);
      await allEnded(read.map(([parcel, one]) => work(parcel, one)));
    }),
  );
}

function bytesFor(group: readonly Parcel[]): number {
  const each = group.map(({ content: { isWhole, hold, size } }) => {
    // Whoever made a content of all its bytes has seen to it how many there are.
    if (isWhole) return 0;
    return hold === undefined ? streamBytes : size;
  });
  return each.reduce((sum, bytes) => sum + bytes, 0);
}

function* groupsIn(parcels: readonly Parcel[]): Generator<readonly Parcel[]> {
  for (let rest = parcels; rest.length > 0;) {
    const count = fitting(rest);
    yield rest.slice(0, count);
    rest = rest.slice(count);
  }
}

function fitting(parcels: readonly Parcel[]): number {
  let bytes = 0;
  const beyond = parcels.findIndex(
    ({ content }, at) => (bytes += content.size) > largestGroup || at === mostTogether,
  );
  return beyond < 0 ? parcels.length : Math.max(1, beyond);
}

async function readAll(parcels: readonly Parcel[]): Promise<(readonly [Parcel, Read])[]> {
  const held: (Held | undefined | Failed)[] = [];
  for (const { content } of parcels) held.push(await heldContent(content).catch(asFailed));
  const whole = held.filter((one): one is Held => one !== undefined && !('error' in one));
  const md5s = md5OfEach(whole.map(({ bytes }) => bytes)).values();
  return parcels.map((parcel, at) => {
    const one = held[at];
    if (one === undefined || 'error' in one) return [parcel, one];
    return [parcel, { ...one, md5: md5s.next().value ?? lost() }];
  });
}

function lost(): never {
  throw new Error('a content was left without an MD5');
}

/** @throws what is no failure */
function asFailed(error: unknown): Failed {
  if (asFailure(error) === undefined) throw error;
  return { error };
}
