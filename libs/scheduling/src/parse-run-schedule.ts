import { minutesPerDay, weekdays } from './weekly-period.ts';
import type { WeeklyPeriod } from './weekly-period.ts';

/** No periods with `isUnrestricted`: the schedule says nothing (`{}` or `null`, as in the Python tools). */
export type RunSchedule =
  | { readonly periods: readonly WeeklyPeriod[]; readonly isUnrestricted: boolean }
  | { readonly fault: string };

const example = '{"Monday-Friday": ["18:30-6"], "Saturday-Sunday": ["0-24"]}';

/** Thrown and caught within this file only: it continues the sentence "--run-schedule (RUN_SCHEDULE) …". */
class ScheduleFault extends Error {}

function dayNumber(name: string, key: string): number {
  const wanted = name.trim().toLowerCase();
  const day = weekdays.findIndex((weekday) => weekday.toLowerCase() === wanted);
  if (day < 0)
    throw new ScheduleFault(`must name English weekdays such as "Monday" or "Monday-Friday", not "${key}"`);
  return day;
}

/** "Monday-Friday" holds both ends; "Saturday-Monday" goes over the end of the week. */
function daysOf(key: string): number[] {
  const [first = '', last = first, ...rest] = key.split('-');
  if (rest.length > 0) throw new ScheduleFault(`must name one range of days, not "${key}"`);
  const from = dayNumber(first, key);
  const length = ((dayNumber(last, key) - from + 7) % 7) + 1;
  return Array.from({ length }, (_, step) => (from + step) % 7);
}

function minuteOf(hour: string, minute: string | undefined): number {
  const total = Number(hour) * 60 + Number(minute ?? 0);
  return Number(minute ?? 0) < 60 && total <= minutesPerDay ? total : Number.NaN;
}

const hours = /^\s*(\d{1,2})(?::(\d{2}))?\s*-\s*(\d{1,2})(?::(\d{2}))?\s*$/;

function rangeOf(written: unknown, key: string): Omit<WeeklyPeriod, 'day'> {
  const given = typeof written === 'string' ? written : JSON.stringify(written);
  const [, fromHour = '', fromMinute, toHour = '', toMinute] = hours.exec(given) ?? [];
  const startMinute = fromHour === '' ? Number.NaN : minuteOf(fromHour, fromMinute);
  const end = minuteOf(toHour, toMinute);
  if (Number.isNaN(startMinute + end) || startMinute === minutesPerDay)
    throw new ScheduleFault(`must give hours as "19-24" or "18:30-6", not "${given}" for ${key}`);
  if (startMinute === end)
    throw new ScheduleFault(
      `must give hours that begin and end at different times ("0-24" is the whole day), not "${given}" for ${key}`,
    );
  return { startMinute, endMinute: end > startMinute ? end : end + minutesPerDay };
}

function periodsOf([key, ranges]: [string, unknown]): WeeklyPeriod[] {
  const days = daysOf(key);
  if (!Array.isArray(ranges))
    throw new ScheduleFault(`must give a list of hours for ${key}, such as ["0-7", "18-24"]`);
  return ranges.flatMap((written: unknown) => {
    const range = rangeOf(written, key);
    return days.map((day) => ({ day, ...range }));
  });
}

function readJson(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    throw new ScheduleFault(`must be a JSON object such as ${example}`);
  }
}

/** Reads `{"Monday-Friday": ["0-7", "18:30-24"]}`. Never throws: `fault` says what is wrong, as an option's `check` does. */
export function parseRunSchedule(written: string): RunSchedule {
  try {
    const content = readJson(written);
    if (content === null) return { periods: [], isUnrestricted: true };
    if (typeof content !== 'object' || Array.isArray(content))
      throw new ScheduleFault(`must be a JSON object such as ${example}`);
    const entries = Object.entries(content);
    const periods = entries.flatMap(periodsOf);
    if (entries.length > 0 && periods.length === 0)
      throw new ScheduleFault(
        'must give hours for one day at least: as it stands, nothing would ever be done',
      );
    return { periods, isUnrestricted: entries.length === 0 };
  } catch (error) {
    if (error instanceof ScheduleFault) return { fault: error.message };
    throw error;
  }
}
