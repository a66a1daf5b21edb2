import { isDate } from '@orthanc-tools/study-search';

/** `YYYYMMDD`, also as `YYYY-MM-DD`; undefined for what is no day. */
export function parseStudyDate(written: string): string | undefined {
  const told = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(written.trim());
  if (told === null) return undefined;
  const date = told.slice(1).join('');
  return isDate(date) ? date : undefined;
}

export const studyDateFault = (written: string): string | undefined =>
  parseStudyDate(written) === undefined ? `must be a day such as 20220201, not "${written}"` : undefined;

const msPerDay = 86_400_000;

/** The day of a moment on the clock of a time zone, and the one so many days before it. */
export function dayBefore(at: Date, days: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);
  const midnight = Date.parse(`${parts}T00:00:00Z`);
  return new Date(midnight - days * msPerDay).toISOString().slice(0, 10).replaceAll('-', '');
}
