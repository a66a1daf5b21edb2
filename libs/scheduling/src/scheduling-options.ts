import { configurationError } from '@orthanc-tools/failures';
import { count, nameOf, text, toggle } from '@orthanc-tools/tool-options';
import type { OptionsOf } from '@orthanc-tools/tool-options';
import { parseRunSchedule } from './parse-run-schedule.ts';
import { isTimeZone, systemTimeZone } from './time-zone.ts';
import { hoursOn } from './weekly-period.ts';
import type { WeeklyPeriod } from './weekly-period.ts';
import { alwaysOpen, weeklySchedule } from './weekly-schedule.ts';
import type { WeeklySchedule } from './weekly-schedule.ts';

const group = 'Running hours';

// TZ belongs to the system, which also writes rules or a path into it (":/etc/localtime", "CET-1CEST").
// That must not stop a tool that has no running hours.
const isSystemsNotation = (name: string) => /^:|^[A-Za-z]{3,}[+-]?\d|^</.test(name);

function zoneFault(name: string): string {
  return `must be a time zone such as Europe/Berlin (the variable TZ is read as well), not "${name}"`;
}

function sameHourFault(start: number, values: Readonly<Record<string, unknown>>): string | undefined {
  const { runOnlyAtNightAndWeekend: isNightly, runSchedule, nightEndHour: end } = values;
  return isNightly === true && runSchedule === undefined && start === end
    ? `must not be the same hour as ${nameOf('nightEndHour')}, ${String(start)}: that is no night`
    : undefined;
}

/** For tools that work at certain hours only; `scheduleFromOptions` makes the schedule. */
export const schedulingOptions = {
  runSchedule: text({
    group,
    describe:
      'Work only at these hours: JSON with weekdays or ranges of them, each with a list of hours. Hours may pass midnight. Wins over the options for nights and weekends.',
    placeholder: 'JSON',
    example: '{"Monday-Friday": ["0-7", "18:30-24"], "Saturday-Sunday": ["0-24"]}',
    check(written) {
      const schedule = parseRunSchedule(written);
      return 'fault' in schedule ? schedule.fault : undefined;
    },
    // Accepted, as the Python tools take it for "at any time".
    doubt(written) {
      const schedule = parseRunSchedule(written);
      const isEmpty = 'isUnrestricted' in schedule && schedule.isUnrestricted;
      return isEmpty ? 'holds no hours, so that it restricts nothing' : undefined;
    },
  }),
  runOnlyAtNightAndWeekend: toggle({
    group,
    describe: 'Work only at night and, from Saturday 0:00 to Sunday 24:00, all day.',
    idleWhen: { runSchedule: 'set' },
  }),
  nightStartHour: count({
    group,
    describe: 'Hour at which the night begins, Monday to Friday.',
    default: 19,
    max: 24,
    idleUnless: { runOnlyAtNightAndWeekend: [true] },
    checkBeside: sameHourFault,
  }),
  nightEndHour: count({
    group,
    describe: 'Hour at which the night ends, Monday to Friday.',
    default: 6,
    max: 24,
    idleUnless: { runOnlyAtNightAndWeekend: [true] },
    // Accepted, as the Python tools close nothing then.
    doubt: (end, { nightStartHour: start }) =>
      typeof start === 'number' && end > start
        ? `is a later hour than ${nameOf('nightStartHour')}, so that no hour is closed`
        : undefined,
  }),
  timezone: text({
    group,
    describe:
      'Time zone of the running hours, such as Europe/Berlin. Otherwise TZ, or the zone of the system.',
    placeholder: 'ZONE',
    variables: ['TZ'],
    example: 'Europe/Berlin',
    check: (name) => (isTimeZone(name) || isSystemsNotation(name) ? undefined : zoneFault(name)),
  }),
};

type SchedulingValues = OptionsOf<typeof schedulingOptions>;

const workdays = [0, 1, 2, 3, 4];
const weekend = [5, 6];

/** On workdays closed from the end of the night to its start, open at every other moment; `undefined`: no restriction. */
function nightsAndWeekends({ nightStartHour, nightEndHour }: SchedulingValues): WeeklyPeriod[] | undefined {
  if (nightEndHour >= nightStartHour) return undefined;
  return [
    ...hoursOn(workdays, 0, nightEndHour),
    ...hoursOn(workdays, nightStartHour, 24),
    ...hoursOn(weekend, 0, 24),
  ];
}

function periodsFrom(values: SchedulingValues): readonly WeeklyPeriod[] | undefined {
  if (values.runSchedule === undefined)
    return values.runOnlyAtNightAndWeekend ? nightsAndWeekends(values) : undefined;
  const schedule = parseRunSchedule(values.runSchedule);
  if ('fault' in schedule)
    throw configurationError('RUN_SCHEDULE_INVALID', `${nameOf('runSchedule')} ${schedule.fault}.`);
  return schedule.isUnrestricted ? undefined : schedule.periods;
}

/**
 * The schedule that the options ask for, or `alwaysOpen`.
 * @throws configuration failures `RUN_SCHEDULE_INVALID` and `TIME_ZONE_UNKNOWN`
 */
export function scheduleFromOptions(values: SchedulingValues): WeeklySchedule {
  const periods = periodsFrom(values);
  if (periods === undefined) return alwaysOpen;
  return weeklySchedule({ periods, timeZone: timeZoneFromOptions(values) });
}

/**
 * The time zone that the options name, else TZ, else that of the system.
 * @throws configuration `TIME_ZONE_UNKNOWN`
 */
export function timeZoneFromOptions({ timezone }: Pick<SchedulingValues, 'timezone'>): string {
  const timeZone = timezone ?? systemTimeZone();
  if (!isTimeZone(timeZone))
    throw configurationError('TIME_ZONE_UNKNOWN', `${nameOf('timezone')} ${zoneFault(timeZone)}.`);
  return timeZone;
}
