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

/** A time stamp of HL7 to the second; fraction and offset are dropped. Undefined when it holds no real day. */
export function readMoment(text: string): Moment | undefined {
  const plain = withoutDecoration(text.trim());
  const date = validDate(plain);
  if (date === '') return undefined;
  return { date, time: validTime(plain.slice(8)) };
}

const two = (n: number): string => String(n).padStart(2, '0');

export const momentOf = (at: Date): Moment => ({
  date: `${String(at.getFullYear())}${two(at.getMonth() + 1)}${two(at.getDate())}`,
  time: `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`,
});

/** In ms since 1970, in the time zone of this machine. */
export function instantOf({ date, time }: Moment): number {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)].map(Number);
  const [hours, minutes, seconds] = [time.slice(0, 2), time.slice(2, 4), time.slice(4, 6)].map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1, day, hours, minutes, seconds).getTime();
}
