import { configurationError } from '@orthanc-tools/failures';
import type { ComparatorOptions } from './open-sides.ts';
import { dayBefore, parseStudyDate } from './study-dates.ts';
import { timeZoneOf } from './time-zone-of.ts';

export interface Days {
  readonly from: string;
  readonly to: string;
}

type DayOptions = Pick<
  ComparatorOptions,
  'daysToCompare' | 'executionTime' | 'fromStudyDate' | 'toStudyDate' | 'timezone'
>;

/**
 * The days that are compared at this moment. As in the Python tool, the last days win over dates that are given where the
 * comparison is made again and again, and the dates where it is made once.
 * @throws configuration `OPTIONS_INVALID`
 */
export function daysOf(options: DayOptions, now: Date): Days {
  const { daysToCompare, executionTime } = options;
  const [from, to] = [parseStudyDate(options.fromStudyDate ?? ''), parseStudyDate(options.toStudyDate ?? '')];
  const areGiven = from !== undefined && to !== undefined;
  if (daysToCompare !== undefined && (executionTime !== undefined || !areGiven)) {
    const timeZone = timeZoneOf(options);
    return { from: dayBefore(now, daysToCompare, timeZone), to: dayBefore(now, 0, timeZone) };
  }
  if (areGiven) return { from, to };
  throw configurationError('OPTIONS_INVALID', daysMissing);
}

const daysMissing =
  'Give --from-study-date (FROM_STUDY_DATE) and --to-study-date (TO_STUDY_DATE), or --days-to-compare (DAYS_TO_COMPARE).';

/** What is to be told to somebody who has given no days. */
export const daysFault = ({ daysToCompare, fromStudyDate, toStudyDate }: DayOptions): string | undefined =>
  daysToCompare === undefined && (fromStudyDate === undefined || toStudyDate === undefined)
    ? daysMissing
    : undefined;
