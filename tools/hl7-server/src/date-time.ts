import { offsetAt } from '@orthanc-tools/scheduling';

/** A date and time of day as DICOM writes them; the time may be unknown. */
export interface Moment {
  readonly date: string;
  readonly time: string;
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** The date of eight digits, when there is such a day; '' otherwise. */
export function validDate(text: string): string {
  const [, year = '', month = '', day = ''] = /^(\d{4})(\d\d)(\d\d)/.exec(text.trim()) ?? [];
  const [y, m, d] = [year, month, day].map(Number) as [number, number, number];
  const isReal = y >= 1800 && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m);
  return isReal ? `${year}${month}${day}` : '';
}

function validTime(digits: string): string {
  const [, hours = '', minutes = '00', seconds = '00'] = /^(\d\d)(\d\d)?(\d\d)?/.exec(digits) ?? [];
  if (hours === '' || Number(hours) > 23 || Number(minutes) > 59) return '';
  return `${hours}${minutes}${Number(seconds) > 59 ? '59' : seconds}`;
}

/** `2026-01-02T03:04` and `2026-01-02 03:04:05.6` in the form of HL7. */
const withoutDecoration = (text: string): string =>
  /^\d{4}-\d\d-\d\d/.test(text)
    ? text.replace(/^(\d{4})-(\d\d)-(\d\d)[T ]?/, '$1$2$3').replaceAll(':', '')
    : text;

/** `+0100`, `-0530`, `Z`, in minutes. */
function offsetIn(text: string): number | undefined {
  if (text.endsWith('Z')) return 0;
  const [, sign = '', hours = '', minutes = ''] = /([+-])(\d\d)(\d\d)$/.exec(text) ?? [];
  if (sign === '' || Number(hours) > 14 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function movedTo(timeZone: string, moment: Moment, offsetMinutes: number): Moment {
  const at = Date.UTC(...partsOf(moment)) - offsetMinutes * 60_000;
  const local = new Date(at + offsetAt(timeZone, at)).toISOString().replaceAll(/[-:T]/g, '');
  return { date: local.slice(0, 8), time: local.slice(8, 14) };
}

/**
 * A time stamp of HL7 to the second. Undefined when it holds no real day.
 * @param timeZone of the clocks by which the time is told, where it bears an offset; without it, fraction and offset are dropped
 */
export function readMoment(text: string, timeZone?: string): Moment | undefined {
  const plain = withoutDecoration(text.trim());
  const date = validDate(plain);
  if (date === '') return undefined;
  const moment = { date, time: validTime(plain.slice(8)) };
  const offset = timeZone === undefined || moment.time === '' ? undefined : offsetIn(plain);
  return timeZone === undefined || offset === undefined ? moment : movedTo(timeZone, moment, offset);
}

const two = (n: number): string => String(n).padStart(2, '0');

export const momentOf = (at: Date): Moment => ({
  date: `${String(at.getFullYear())}${two(at.getMonth() + 1)}${two(at.getDate())}`,
  time: `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`,
});

type DateParts = [year: number, month: number, day: number, hours: number, minutes: number, seconds: number];

/** As `Date` wants them: the first month is 0. */
const partsOf = ({ date, time }: Moment): DateParts => [
  Number(date.slice(0, 4)),
  Number(date.slice(4, 6)) - 1,
  Number(date.slice(6, 8)),
  Number(time.slice(0, 2)),
  Number(time.slice(2, 4)),
  Number(time.slice(4, 6)),
];

/** In ms since 1970, in the time zone of this machine. */
export const instantOf = (moment: Moment): number => new Date(...partsOf(moment)).getTime();
