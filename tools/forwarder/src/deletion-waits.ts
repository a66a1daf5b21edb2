import type { Failure } from '@orthanc-tools/failures';
import type { Logger } from '@orthanc-tools/telemetry';

/** Says once, and not for each study, that deletions wait for a destination that cannot be asked. */
export interface DeletionWaits {
  note(destination: string, failure: Failure): void;
  /** The destination answers: what kept it from that is over; what it says of single units may last. */
  isOver(destination: string): void;
}

export function deletionWaits(log: Logger): DeletionWaits {
  const told = new Map<string, Failure>();
  return {
    note(destination, failure) {
      const { code, message } = failure;
      if (told.get(destination)?.code === code) return;
      told.set(destination, failure);
      log.warn('deletion.waits', { destination, code, message });
    },
    isOver(destination) {
      if (told.get(destination)?.scope !== 'run') return;
      told.delete(destination);
      log.info('deletion.goes_on', { destination });
    },
  };
}
