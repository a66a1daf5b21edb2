import { type WeeklySchedule, weeklySchedule } from '@orthanc-tools/scheduling';

const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const everyDay = [0, 1, 2, 3, 4, 5, 6];

/** Monday is 0. Undefined for what names no days. */
export function parseExecutionDays(written: string): readonly number[] | undefined {
  const parts = written
    .toLowerCase()
    .split(',')
    .map((part) => part.trim());
  const days = parts.map((part) => (['day', 'daily', 'every day'].includes(part) ? everyDay : rangeOf(part)));
  if (days.some((some) => some === undefined)) return undefined;
  return [...new Set(days.flatMap((some) => some ?? []))].toSorted((one, other) => one - other);
}

/** A range may go over the end of the week. */
function rangeOf(part: string): readonly number[] | undefined {
  const [first, last = first] = part.split('-').map((name) => indexOf(name.trim()));
  if (first === undefined || last === undefined || part.split('-').length > 2) return undefined;
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, at) => (first + at) % 7);
}

/** By the whole name, or by three letters of it. */
function indexOf(name: string): number | undefined {
  const at = names.findIndex((day) => name === day || name === day.slice(0, 3));
  return at < 0 ? undefined : at;
}

export const executionDayFault = (written: string): string | undefined =>
  parseExecutionDays(written) === undefined
    ? `must be days such as "sunday", "monday-friday", "monday,thursday" or "day", not "${written}"`
    : undefined;

/** Seconds since midnight. */
export function parseExecutionTime(written: string): number | undefined {
  const told = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(written.trim());
  if (told === null) return undefined;
  const [hour = 0, minute = 0, second = 0] = told.slice(1).map((part) => Number(part ?? 0));
  return hour < 24 && minute < 60 && second < 60 ? hour * 3600 + minute * 60 + second : undefined;
}

export const executionTimeFault = (written: string): string | undefined =>
  parseExecutionTime(written) === undefined
    ? `must be a time such as 02:00 or 02:00:30, not "${written}"`
    : undefined;

export interface ExecutionTimes {
  readonly days: readonly number[];
  /** Since midnight. */
  readonly second: number;
  readonly timeZone: string;
}

/** Longer than the hour that a clock change leaves out, so that no execution is lost in it. */
const windowMinutes = 61;
const msPerHour = 3_600_000;

/**
 * The next time after `at`; what would begin in an hour that the clock leaves out begins with its change, and in one
 * that comes twice, the first time.
 */
export function nextExecution({ days, second, timeZone }: ExecutionTimes, at: Date): Date {
  const startMinute = Math.floor(second / 60);
  const endMinute = startMinute + windowMinutes;
  const schedule = weeklySchedule({
    periods: days.map((day) => ({ day, startMinute, endMinute })),
    timeZone,
  });
  const beyond = (second % 60) * 1000;
  const minuteOf = (moment: Date) =>
    new Intl.DateTimeFormat('en', { timeZone, timeStyle: 'short', hourCycle: 'h23' }).format(moment);
  const isRepeated = (moment: Date) => minuteOf(moment) === minuteOf(new Date(moment.getTime() - msPerHour));
  // The window in which `at` lies has begun already, unless its second is still to come.
  for (let from = afterWindow(schedule, new Date(at.getTime() - beyond)); ;) {
    const opening = schedule.nextOpening(from);
    if (opening === undefined) throw new TypeError('a week has no day');
    const start = new Date(opening.getTime() + beyond);
    if (start > at && !isRepeated(opening)) return start;
    from = schedule.nextClosing(opening) ?? start;
  }
}

function afterWindow(schedule: WeeklySchedule, moment: Date): Date {
  const hasBegun = schedule.isOpen(moment) && schedule.isOpen(new Date(moment.getTime() - 1));
  return hasBegun ? (schedule.nextClosing(moment) ?? moment) : moment;
}
