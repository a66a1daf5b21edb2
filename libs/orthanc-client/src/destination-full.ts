import { type Failure, asFailure, permanentFailure, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from './orthanc.ts';
import { type Room, type Watch, roomAt } from './room-at-destination.ts';
import { bodyLength } from './send-body.ts';

/** That there is no room, by the destination's own word: for what it was just sent. */
const saysFull = 'ORTHANC_STORAGE_FULL';
/** That there is hardly any room for anything: it was asked. */
const isKnownFull = 'DESTINATION_FULL';

/** That, or what a source tells of a destination that refuses for whatever reason, as a peer, or as a modality. */
const mayMeanFull: ReadonlySet<string> = new Set([
  saysFull,
  'DESTINATION_FAILED',
  'DESTINATION_OUT_OF_RESOURCES',
]);

const megabyte = 1024 * 1024;

export type Lack = 'larger than the limit' | 'full' | 'too little room';

/**
 * Why so many bytes more find no room; undefined where they do. Full is only what has no room for a small amount either: one
 * large instance must not hold up all others.
 */
export function lackOf(bytes: number, { limit, held }: Room): Lack | undefined {
  if (bytes > limit) return 'larger than the limit';
  if (held + bytes <= limit) return undefined;
  return held + smallAmount(limit) > limit ? 'full' : 'too little room';
}

/**
 * More than nearly all images have: were each too large for what is left, all studies would be set aside one by one. Where
 * the limit itself is small, little of it: the last images go in, too.
 */
const smallAmount = (limit: number): number => Math.min(128 * megabyte, limit / 100);

/**
 * Why a file of so many bytes was not taken.
 * @throws transient `DESTINATION_FULL` of scope `run`: all the others would be refused too
 */
export type UnlessFull = (failure: Failure, bytes: number) => Promise<Failure>;

/**
 * A destination that refuses for its room does not say whether it has some for others, and a source that sends by itself
 * does not pass on even that: the destination is asked for its limit, and for what it holds.
 */
export function unlessFullAt(
  destination: Pick<Orthanc, 'system' | 'statistics' | 'url'>,
  clock: Watch,
): UnlessFull {
  const askForRoom = roomAt(destination, clock);
  return async (failure, bytes) => {
    if (!mayMeanFull.has(failure.code)) return failure;
    const room = await askForRoom(bytes);
    const lack = room && lackOf(bytes, room);
    if (room === undefined || lack === undefined) return failure;
    const lacking = failureFor(lack, { bytes, limit: room.limit, url: destination.url, cause: failure });
    if (lacking.scope === 'run') throw lacking;
    return lacking;
  };
}

interface Refused {
  readonly bytes: number;
  readonly limit: number;
  readonly url: string;
  readonly cause: Failure;
}

function failureFor(lack: Lack, { bytes, limit, url, cause }: Refused): Failure {
  const details = { facts: cause.facts, cause };
  switch (lack) {
    case 'full':
      return transientFailure(isKnownFull, `The destination ${url} is full.`, {
        ...details,
        scope: 'run',
      });
    case 'too little room': {
      const message = `The destination ${url} has too little room left for an instance of ${inMegabytes(bytes)}.`;
      return transientFailure('DESTINATION_LACKS_ROOM', message, details);
    }
    case 'larger than the limit': {
      const message = `The destination ${url} may hold ${inMegabytes(limit)} in all: an instance of ${inMegabytes(bytes)} is larger.`;
      return permanentFailure('DESTINATION_TOO_SMALL', message, details);
    }
  }
}

const inMegabytes = (bytes: number): string => `${String(Math.ceil(bytes / megabyte))} MB`;

/** The same destination: a single file that finds no room there holds up no other one that does. */
export function sparingOthers(destination: Orthanc, clock: Watch): Orthanc {
  const unlessFull = unlessFullAt(destination, clock);
  const { instances } = destination;
  return {
    ...destination,
    instances: {
      ...instances,
      store: (file, signal) =>
        instances.store(file, signal).catch(async (error: unknown) => {
          const [failure, bytes] = [asFailure(error), bodyLength(file)];
          throw failure === undefined || bytes === undefined ? error : await unlessFull(failure, bytes);
        }),
    },
  };
}

/** The destination answers, and will take nothing for some time. */
export const isFull = ({ code }: Failure): boolean => code === isKnownFull || code === saysFull;

/** Of files that were sent together: which of them found no room is not said. */
export const hasNoRoomForAll = (error: unknown): boolean => asFailure(error)?.code === saysFull;
