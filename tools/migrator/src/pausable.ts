import type { WeeklySchedule } from '@orthanc-tools/scheduling';
import type { RunContext } from '@orthanc-tools/tool-runtime';

/** The hours, which are closed while somebody has paused the run. */
export function pausable(schedule: WeeklySchedule, pausing: RunContext['pausing']): WeeklySchedule {
  return {
    ...schedule,
    isOpen: (at) => !pausing.isOn && schedule.isOpen(at),
    nextOpening: (at) => (pausing.isOn ? undefined : schedule.nextOpening(at)),
  };
}
