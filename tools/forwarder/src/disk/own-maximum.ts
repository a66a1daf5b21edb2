import type { SystemFacts } from '@orthanc-tools/orthanc-client';
import type { Logger } from '@orthanc-tools/telemetry';

type Maximum = Pick<SystemFacts, 'maximumStorageSizeMb' | 'maximumStorageMode' | 'maximumPatientCount'>;

/** How much the inbox may hold by its own configuration, in bytes; 0: it has no such limit, or does not tell. */
export const ownMaximumOf = ({ maximumStorageSizeMb = 0 }: Maximum): number =>
  maximumStorageSizeMb * 1024 ** 2;

/** An inbox that deletes by itself what it has no room for asks nobody whether it was forwarded. */
export function warnOfRecycling(
  { maximumStorageSizeMb = 0, maximumPatientCount = 0, maximumStorageMode = 'Recycle' }: Maximum,
  log: Logger,
): void {
  if (maximumStorageMode === 'Reject' || (maximumStorageSizeMb === 0 && maximumPatientCount === 0)) return;
  log.warn('inbox.recycles', {
    maximumStorageSizeMb,
    maximumPatientCount,
    consequence:
      'when it is full, Orthanc itself deletes its oldest patients, forwarded or not: set MaximumStorageMode to Reject',
  });
}
