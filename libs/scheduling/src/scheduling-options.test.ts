import { describe, expect, it } from '@jest/globals';
import { declareOptions, resolveOptions } from '@orthanc-tools/tool-options';
import { scheduleFromOptions, schedulingOptions } from './scheduling-options.ts';

const table = declareOptions(schedulingOptions);

async function scheduleOf(argv: string[], env: Record<string, string> = {}) {
  const { values } = await resolveOptions(table, { argv, env });
  return scheduleFromOptions(values);
}

/** The hours at which it is open on the day; 2026-06-05 is a Friday. */
async function openHours(argv: string[], date: string): Promise<number[]> {
  const schedule = await scheduleOf([...argv, '--timezone=UTC']);
  return [...Array(24).keys()].filter((hour) =>
    schedule.isOpen(new Date(`${date}T${String(hour).padStart(2, '0')}:30:00Z`)),
  );
}

const hours = (from: number, to: number) => Array.from({ length: to - from }, (_, step) => from + step);
const allDay = hours(0, 24);
const friday = '2026-06-05';
const nightly = '--run_only_at_night_and_weekend';

describe('the options for nights and weekends', () => {
  it('restrict nothing when they are not given', async () => {
    expect((await scheduleOf([])).describe()).toBe('at any time');
    expect((await scheduleOf(['--night-start-hour=20'])).describe()).toBe('at any time');
  });

  it('close workdays, Friday included, from 6 to 19', async () => {
    expect(await openHours([nightly], '2026-06-01')).toEqual([...hours(0, 6), ...hours(19, 24)]);
    expect(await openHours([nightly], friday)).toEqual([...hours(0, 6), ...hours(19, 24)]);
  });

  it('leave Saturday and Sunday open all day', async () => {
    expect(await openHours([nightly], '2026-06-06')).toEqual(allDay);
    expect(await openHours([nightly], '2026-06-07')).toEqual(allDay);
  });

  it('take 0 as end for no work in the morning, and 24 as start for none in the evening', async () => {
    expect(await openHours([nightly, '--night_end_hour=0'], friday)).toEqual(hours(19, 24));
    expect(await openHours([nightly, '--night_start_hour=24'], friday)).toEqual(hours(0, 6));
  });

  it('close nothing when the night ends after it begins', async () => {
    expect(await openHours([nightly, '--night_start_hour=6', '--night_end_hour=19'], friday)).toEqual(allDay);
  });

  it('are refused when the night begins and ends at the same hour', async () => {
    await expect(scheduleOf([nightly, '--night-start-hour=6'])).rejects.toMatchObject({
      message:
        '--night-start-hour (NIGHT_START_HOUR) must not be the same hour as --night-end-hour (NIGHT_END_HOUR), 6: that is no night.',
    });
    expect((await scheduleOf(['--night-start-hour=6'])).describe()).toBe('at any time');
    const hours = '--run-schedule={"Friday": ["12-13"]}';
    expect((await scheduleOf([nightly, '--night-start-hour=6', hours])).describe()).toContain('Friday');
  });

  it.each([
    [
      ['--night-start-hour=15'],
      '--night-start-hour (NIGHT_START_HOUR) has no effect without --run-only-at-night-and-weekend (RUN_ONLY_AT_NIGHT_AND_WEEKEND).',
    ],
    [
      [nightly, '--run-schedule={"Friday": ["12-13"]}'],
      '--run-only-at-night-and-weekend (RUN_ONLY_AT_NIGHT_AND_WEEKEND) has no effect: --run-schedule (RUN_SCHEDULE) wins over it.',
    ],
    [
      [nightly, '--night-start-hour=1', '--night-end-hour=6'],
      '--night-end-hour (NIGHT_END_HOUR) is a later hour than --night-start-hour (NIGHT_START_HOUR), so that no hour is closed.',
    ],
    [['--run-schedule={}'], '--run-schedule (RUN_SCHEDULE) holds no hours, so that it restricts nothing.'],
  ])('are doubted where they restrict nothing: %j', async (argv, sentence) => {
    expect((await resolveOptions(table, { argv, env: {} })).doubts).toEqual([sentence]);
  });

  it('give way to a run schedule', async () => {
    expect(await openHours([nightly, '--run_schedule={"Friday": ["12-13"]}'], friday)).toEqual([12]);
  });
});

describe('the run schedule', () => {
  it.each(['{}', 'null'])('restricts nothing as %s', async (written) => {
    expect((await scheduleOf([], { RUN_SCHEDULE: written })).describe()).toBe('at any time');
  });

  it('closes the days with an empty list', async () => {
    const schedule = await scheduleOf([], {
      TZ: 'UTC',
      RUN_SCHEDULE: '{"Monday-Friday": [], "sunday": [" 07 - 8 "]}',
    });
    expect(schedule.describe()).toBe('Sunday 07:00-08:00 (UTC)');
  });

  it.each([
    ['{"Monday"', 'must be a JSON object'],
    ['["0-24"]', 'must be a JSON object'],
    ['{"Montag": ["0-24"]}', 'must name English weekdays such as "Monday" or "Monday-Friday", not "Montag"'],
    ['{"Monday-Tuesday-Friday": ["0-24"]}', 'must name one range of days'],
    ['{"Monday": "0-24"}', 'must give a list of hours for Monday'],
    ['{"Monday": [7]}', 'not "7" for Monday'],
    ['{"Monday": ["7"]}', 'not "7" for Monday'],
    ['{"Monday": ["0-25"]}', 'not "0-25" for Monday'],
    ['{"Monday": ["0-24:01"]}', 'not "0-24:01" for Monday'],
    ['{"Monday": ["9:60-11"]}', 'not "9:60-11" for Monday'],
    ['{"Monday": ["24-6"]}', 'not "24-6" for Monday'],
    ['{"Monday": ["8-8"]}', 'begin and end at different times'],
    ['{"Monday": []}', 'nothing would ever be done'],
  ])('as %s is refused in one sentence that names flag and variable', async (written, sentence) => {
    const refusal = scheduleOf([`--run-schedule=${written}`]);
    await expect(refusal).rejects.toMatchObject({ kind: 'configuration', code: 'OPTIONS_INVALID' });
    await expect(refusal).rejects.toThrow(/^--run-schedule \(RUN_SCHEDULE\) [^\n]+\.$/);
    await expect(refusal).rejects.toThrow(sentence);
  });

  it('is refused likewise when it comes from a script', () => {
    const values = {
      runOnlyAtNightAndWeekend: false,
      nightStartHour: 19,
      nightEndHour: 6,
      timezone: undefined,
    };
    expect(() => scheduleFromOptions({ ...values, runSchedule: '{"Monday": ["8-8"]}' })).toThrow(
      /^--run-schedule \(RUN_SCHEDULE\) must give hours that begin and end at different times/,
    );
  });
});

describe('the time zone of the running hours', () => {
  it('is that of the option, then TZ, then the system', async () => {
    const env = { TZ: 'Asia/Tokyo' };
    expect((await scheduleOf([nightly, '--timezone=Europe/Berlin'], env)).describe()).toMatch(
      /\(Europe\/Berlin\)$/,
    );
    expect((await scheduleOf([nightly], env)).describe()).toMatch(/\(Asia\/Tokyo\)$/);
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    expect((await scheduleOf([nightly])).describe()).toContain(`(${timeZone})`);
  });

  it('is refused in one sentence when nobody knows it', async () => {
    await expect(scheduleOf(['--timezone=Mars/Base'])).rejects.toThrow(
      '--timezone (TIMEZONE) must be a time zone such as Europe/Berlin (the variable TZ is read as well), not "Mars/Base".',
    );
  });

  it.each([':/etc/localtime', 'CET-1CEST,M3.5.0,M10.5.0/3', '<+03>-3'])(
    'may stand in TZ as %s, in which the system has it, unless there are hours to keep',
    async (TZ) => {
      expect((await scheduleOf([], { TZ })).describe()).toBe('at any time');
      await expect(scheduleOf([nightly], { TZ })).rejects.toMatchObject({ code: 'TIME_ZONE_UNKNOWN' });
    },
  );
});
