import { asFailure } from '@orthanc-tools/failures';
import type { Orthanc } from './orthanc.ts';

const megabyte = 1024 * 1024;

/** Of a destination with a limit, in bytes. */
export interface Room {
  readonly limit: number;
  /** What stands in the way of more: nothing where it makes room by itself. */
  readonly held: number;
}

/** For so many bytes more. Undefined where there is no such limit, or nobody tells. */
type AskForRoom = (bytes: number) => Promise<Room | undefined>;

/** Tells the time. */
export interface Watch {
  now(): Date;
}

type Told = Pick<Orthanc, 'system' | 'statistics'>;

/** What is refused within so long shares one answer: to count what it holds may cost a destination much. */
const believedForMs = 2000;

/** As much as may arrive in that time. */
const filledMeanwhile = 1024 * megabyte;

/** Asks a destination that has refused something. */
export function roomAt(destination: Told, clock: Watch): AskForRoom {
  let known: { readonly room: Room | undefined; readonly until: number } | undefined;
  let asking: Promise<Room | undefined> | undefined;
  const now = () => clock.now().getTime();
  const askAnew = async () => {
    const room = await askIfItTells(destination);
    known = { room, until: now() + believedForMs };
    return room;
  };
  return async (bytes) => {
    if (known !== undefined && now() < known.until && isStillTrue(known.room, bytes)) return known.room;
    asking ??= askAnew().finally(() => (asking = undefined));
    return asking;
  };
}

/** That something would have found room a moment ago says little where others may have taken it since. */
function isStillTrue(room: Room | undefined, bytes: number): boolean {
  if (room === undefined) return true;
  const left = room.limit - room.held - bytes;
  return left < 0 || left >= filledMeanwhile;
}

/** That it cannot be asked is no answer to why it refused something. */
async function askIfItTells(destination: Told): Promise<Room | undefined> {
  try {
    return await ask(destination);
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return undefined;
  }
}

async function ask(destination: Told): Promise<Room | undefined> {
  const { maximumStorageMode: mode, maximumStorageSizeMb: limit = 0 } = await destination.system();
  if (mode === undefined || limit === 0) return undefined;
  // What is larger than all that it may hold it refuses all the same.
  if (mode === 'Recycle') return { limit: limit * megabyte, held: 0 };
  const { diskSize: held } = await destination.statistics();
  return { limit: limit * megabyte, held };
}
