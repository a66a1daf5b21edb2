/** The days as schedules name them, Monday first. */
export const weekdays = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

/** Hours of one weekday. A period that ends after 1440 goes on into the next day and still belongs to the day it began. */
export interface WeeklyPeriod {
  /** 0 is Monday, 6 is Sunday. */
  readonly day: number;
  /** Minutes since midnight, 0 to 1439. */
  readonly startMinute: number;
  /** Minutes since the midnight before the start; later than the start, at most a day after it. */
  readonly endMinute: number;
}

export const minutesPerDay = 24 * 60;

/** The same hours on each of the days; `from` and `to` as whole hours, 0 to 24. No period when they are equal. */
export function hoursOn(days: readonly number[], from: number, to: number): WeeklyPeriod[] {
  return from < to ? days.map((day) => ({ day, startMinute: from * 60, endMinute: to * 60 })) : [];
}

function clockTime(minute: number): string {
  const ofDay = minute > minutesPerDay ? minute - minutesPerDay : minute;
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(ofDay / 60))}:${pad(ofDay % 60)}`;
}

function describeDay(periods: readonly WeeklyPeriod[], day: number): string {
  const ofDay = periods
    .filter((period) => period.day === day)
    .sort((a, b) => a.startMinute - b.startMinute)
    .map(({ startMinute, endMinute }) =>
      startMinute === 0 && endMinute === minutesPerDay
        ? 'all day'
        : `${clockTime(startMinute)}-${clockTime(endMinute)}`,
    );
  return [...new Set(ofDay)].join(' and ');
}

/** "Monday-Friday 19:00-06:00, Saturday-Sunday all day"; days without hours are left out. */
export function describePeriods(periods: readonly WeeklyPeriod[]): string {
  const runs: { first: number; last: number; hours: string }[] = [];
  for (const day of weekdays.keys()) {
    const hours = describeDay(periods, day);
    const run = runs.at(-1);
    if (run?.hours === hours) run.last = day;
    else runs.push({ first: day, last: day, hours });
  }
  const shown = runs
    .filter(({ hours }) => hours !== '')
    .map(({ first, last, hours }) => {
      const days = [weekdays[first], ...(last > first ? [weekdays[last]] : [])].join('-');
      return `${days} ${hours}`;
    });
  return shown.join(', ') || 'never';
}
