import type { Clock } from './clock.ts';
import { clockChangeBetween, offsetAt } from './time-zone.ts';
import { msPerWeek, stateAt, weekIntervals } from './week-intervals.ts';
import { describePeriods } from './weekly-period.ts';
import type { WeeklyPeriod } from './weekly-period.ts';

/** When a tool may work. All answers are about the week of one time zone; its clock changes are honoured. */
export interface WeeklySchedule {
  isOpen(at: Date): boolean;
  /** The first moment at or after `at` when work may be done; `undefined` when there is none. */
  nextOpening(at: Date): Date | undefined;
  /** The first moment after `at` when work must stop; `undefined` when it never has to. */
  nextClosing(at: Date): Date | undefined;
  /** Ends when the schedule is open, or when the signal is aborted. */
  untilOpen(clock: Clock, signal: AbortSignal): Promise<void>;
  /** For the log and for `doctor`: "Monday-Friday 19:00-06:00, Saturday-Sunday all day (Europe/Berlin)". */
  describe(): string;
}

export interface WeeklyHours {
  /** They may overlap and touch. Without any, the schedule never opens. */
  readonly periods: readonly WeeklyPeriod[];
  /** Name of a time zone that the machine knows. */
  readonly timeZone: string;
}

const msPerDay = 86_400_000;

// 1970-01-05 was a Monday.
const aMonday = 4 * msPerDay;

// A period of minutes can fall into the hour that a clock change leaves out: then the next one is two weeks away.
const horizonMs = 3 * msPerWeek;

/**
 * The week as the wall clock shows it. When clocks go back, the repeated hour counts both times;
 * when they go forward, what begins in the missing hour begins with the change.
 */
export function weeklySchedule({ periods, timeZone }: WeeklyHours): WeeklySchedule {
  const intervals = weekIntervals(periods);
  const stateOf = (epochMs: number, offset: number) => {
    const sinceMonday = epochMs + offset - aMonday;
    return stateAt(intervals, ((sinceMonday % msPerWeek) + msPerWeek) % msPerWeek);
  };
  const isOpenAt = (epochMs: number) => stateOf(epochMs, offsetAt(timeZone, epochMs)).isOpen;
  // Goes from boundary to boundary, at most a day at a time, so that no clock change is stepped over.
  const firstMoment = (from: number, open: boolean): number | undefined => {
    let moment = from;
    while (moment <= from + horizonMs) {
      const offset = offsetAt(timeZone, moment);
      const { isOpen, forMs } = stateOf(moment, offset);
      if (isOpen === open) return moment;
      const next = moment + Math.min(forMs, msPerDay);
      moment = offsetAt(timeZone, next) === offset ? next : clockChangeBetween(timeZone, moment, next);
    }
    return undefined;
  };
  const nextOpening = (at: Date) => asDate(firstMoment(at.getTime(), true));
  return {
    isOpen: (at) => isOpenAt(at.getTime()),
    nextOpening,
    nextClosing(at) {
      const opening = firstMoment(at.getTime(), true);
      return asDate(opening === undefined ? undefined : firstMoment(opening, false));
    },
    async untilOpen(clock, signal) {
      for (let now = clock.now(); !signal.aborted && !isOpenAt(now.getTime()); now = clock.now()) {
        const opening = nextOpening(now);
        await clock.sleep(opening === undefined ? msPerDay : opening.getTime() - now.getTime(), signal);
      }
    },
    describe: () => `${describePeriods(periods)} (${timeZone})`,
  };
}

function asDate(epochMs: number | undefined): Date | undefined {
  return epochMs === undefined ? undefined : new Date(epochMs);
}

/** No restriction. */
export const alwaysOpen: WeeklySchedule = {
  isOpen: () => true,
  nextOpening: (at) => at,
  nextClosing: () => undefined,
  untilOpen: () => Promise.resolve(),
  describe: () => 'at any time',
};
