// Times as a wall clock and a calendar in one zone show them, as texts that sort: `20260131`, `20260131235959`.
import { offsetAt } from '@orthanc-tools/scheduling';
import type { Age, Moment } from './retention-rule.ts';

/** `YYYYMMDDhhmmss` */
export function wallClockAt(epochMs: number, timeZone: string): string {
  return digitsOf(new Date(epochMs + offsetAt(timeZone, epochMs)));
}

/** `YYYYMMDD` */
export const dayAt = (epochMs: number, timeZone: string): string =>
  wallClockAt(epochMs, timeZone).slice(0, 8);

const digitsOf = (date: Date): string => date.toISOString().replaceAll(/\D/g, '').slice(0, 14);

/** A day that the calendar has, `YYYYMMDD`; undefined for everything else. */
export function dayIn(written: string): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(written.trim()) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  date.setUTCFullYear(Number(year));
  return digitsOf(date).slice(0, 8) === written.trim() ? written.trim() : undefined;
}

/** From a time of DICOM (`hhmmss.ffffff`, minutes and seconds may be missing): `hhmmss`, the latest that it can mean. */
function latestTimeIn(written: string): string {
  const [, hour = '', minute = '59', second = '59'] =
    /^(\d\d)(\d\d)?(\d\d)?(?:\.\d+)?$/.exec(written.trim()) ?? [];
  const isTime = hour !== '' && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 61;
  return isTime ? hour + minute + second : '235959';
}

/** The latest moment that date and time of a study can mean, `YYYYMMDDhhmmss`; undefined without a date. */
export function wallClockOfStudy(date: string, time: string): string | undefined {
  const day = dayIn(date);
  return day === undefined ? undefined : day + latestTimeIn(time);
}

/** What is older than an age at a moment lies before this, or on this day. */
export interface AgeLimit {
  /** `YYYYMMDD`, for days and longer; `YYYYMMDDhhmmss` for hours. */
  readonly limit: string;
  readonly timeZone: string;
  /** Of hours alone, ms since 1970: twice a year a wall clock shows the same hour for two moments. */
  readonly epochMs?: number;
}

/** Days, weeks, months and years go by the calendar, as the Python tool counts its weeks; hours by the clock. */
export function ageLimit({ count, unit }: Age, { now, timeZone }: Moment): AgeLimit {
  const at = now.getTime();
  if (unit === 'hours') {
    const epochMs = at - count * hourMs;
    return { limit: wallClockAt(epochMs, timeZone), timeZone, epochMs };
  }
  const today = new Date(at + offsetAt(timeZone, at));
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()];
  const months = { days: 0, weeks: 0, months: count, years: count * 12 }[unit];
  const days = { days: count, weeks: count * 7, months: 0, years: 0 }[unit];
  // The 31st of March less a month is the last day of February.
  const lastOfMonth = new Date(Date.UTC(year, month - months + 1, 0)).getUTCDate();
  const limit = new Date(Date.UTC(year, month - months, Math.min(day, lastOfMonth) - days));
  return { limit: digitsOf(limit).slice(0, 8), timeZone };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Whether a study of this date and time is on this side of the limit: on the day itself too. Never without a date. */
export function isStudyOver(date: string, time: string, { limit, timeZone, epochMs }: AgeLimit): boolean {
  const clock = wallClockOfStudy(date, time);
  if (clock === undefined || clock.slice(0, limit.length) > limit) return false;
  return epochMs === undefined || latestMomentOf(clock, timeZone) <= epochMs;
}

/** The last moment, ms since 1970, at which clocks in the zone show this; where none ever did, the later of those that may be meant. */
function latestMomentOf(clock: string, timeZone: string): number {
  const [, day = '', hour = '', minute = '', second = ''] = /^(\d{8})(\d\d)(\d\d)(\d\d)$/.exec(clock) ?? [];
  const iso = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${hour}:${minute}:00Z`;
  const asUtc = Date.parse(iso) + Number(second) * 1000;
  // However the clocks were changed, they go as they did a day before or as they do a day after.
  const meant = [-dayMs, dayMs].map((away) => asUtc - offsetAt(timeZone, asUtc + away));
  const shown = meant.filter((moment) => moment + offsetAt(timeZone, moment) === asUtc);
  return Math.max(...(shown.length > 0 ? shown : meant));
}

/** Whether a moment is before the day, or the second, of the limit. Never where the moment is not known. */
export function isMomentOver(moment: number | undefined, { limit, timeZone, epochMs }: AgeLimit): boolean {
  if (moment === undefined) return false;
  const isBefore = wallClockAt(moment, timeZone).slice(0, limit.length) < limit;
  return isBefore && (epochMs === undefined || moment < epochMs);
}
