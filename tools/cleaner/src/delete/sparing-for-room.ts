import type { WeighedStudy } from '../plan/weigh-plan.ts';
import type { Cleaning } from '../run/cleaning.ts';
import { lookEveryMs } from './looking-now-and-then.ts';

type Looking = Pick<Cleaning, 'disk' | 'orthanc' | 'clock' | 'log' | 'signal'>;

/**
 * What of a portion is still to be deleted: not what is deleted only for the disk, once there is room, or there will be by all else
 * that is due. Others make room too while a run lasts; that is looked at now and then. What they take again is for the next run.
 */
export function sparingForRoom(
  due: readonly WeighedStudy[],
  { disk, orthanc, clock, log, signal }: Looking,
): (portion: readonly WeighedStudy[]) => Promise<readonly WeighedStudy[]> {
  const goAnyway = new Map(due.filter(isForAge).map(({ id, bytes }) => [id, bytes]));
  let [lookedAt, hasRoom] = [-Infinity, false];
  const look = async ({ low }: NonNullable<Looking['disk']>) => {
    const { diskSize } = await orthanc.statistics(signal);
    lookedAt = clock.now().getTime();
    hasRoom = diskSize - [...goAnyway.values()].reduce((sum, bytes) => sum + bytes, 0) <= low;
    if (hasRoom)
      log.info('disk.has_room', { diskSize, consequence: 'what was due only for the disk is left' });
  };
  return async (portion) => {
    const others = portion.filter(isForAge);
    const isTime = Math.abs(clock.now().getTime() - lookedAt) >= lookEveryMs;
    if (disk !== undefined && others.length < portion.length && !hasRoom && isTime) await look(disk);
    for (const { id } of others) goAnyway.delete(id);
    return hasRoom ? others : portion;
  };
}

const isForAge = ({ rule }: WeighedStudy): boolean => !rule.isForFullDisk;
