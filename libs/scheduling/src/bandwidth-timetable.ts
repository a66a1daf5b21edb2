import { offsetAt } from './time-zone.ts';
import { msPerWeek } from './week-intervals.ts';
import { minutesPerDay, weekdays } from './weekly-period.ts';

/** From a moment of the week on: so many bytes per second, until the next entry; undefined for no limit. */
interface BandwidthEntry {
  /** Since Monday 00:00 of the local week, in ms. */
  readonly start: number;
  readonly bytesPerSecond: number | undefined;
}

/** In the order of the week, no two at the same moment; never empty. */
export type BandwidthEntries = readonly BandwidthEntry[];

const msPerMinute = 60_000;
const factors: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** Orthanc gives up what trickles: a request is cut after half a minute without a byte. */
const least = 64 * 1024;
const form =
  'must be a rate in bytes per second such as 10M, or a timetable such as "08:00,512k 19:00,10M Sat-00:00,off"';

/** Thrown and caught within this file only: it continues the sentence "--bandwidth (BANDWIDTH) …". */
class BandwidthFault extends Error {}

function rateIn(written: string): number | undefined {
  if (written.toLowerCase() === 'off') return undefined;
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([KMGT])(?:i?B)?$/i.exec(written) ?? [];
  const factor = factors[unit.toUpperCase()];
  if (factor === undefined)
    throw new BandwidthFault(`${form}: "${written}" is no rate (a number with k, M, G or T, or off)`);
  const rate = Number(amount) * factor;
  if (rate < least) throw new BandwidthFault(`must allow 64k or more at any time, not "${written}"`);
  return rate;
}

/** The days that an entry is for: the one that it names, or all. */
function daysIn(name: string | undefined): number[] {
  if (name === undefined) return weekdays.map((_, day) => day);
  const wanted = name.toLowerCase();
  const day = weekdays.findIndex((one) => wanted.length >= 3 && one.toLowerCase().startsWith(wanted));
  if (day < 0) throw new BandwidthFault(`must name days as Mon or Monday, not "${name}"`);
  return [day];
}

function entriesOf(written: string): BandwidthEntry[] {
  const [, name, hour = '', minute = '', rate = ''] =
    /^(?:([a-z]+)-)?(\d{1,2}):(\d{2}),(.+)$/i.exec(written) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  if (rate === '' || Number(minute) > 59 || minutes >= minutesPerDay)
    throw new BandwidthFault(`${form}, not "${written}"`);
  const bytesPerSecond = rateIn(rate);
  return daysIn(name).map((day) => ({
    start: (day * minutesPerDay + minutes) * msPerMinute,
    bytesPerSecond,
  }));
}

/** Reads what rclone's `--bwlimit` reads, with a unit in each rate. Never throws: `fault` says what is wrong. */
export function parseBandwidth(
  written: string,
): { readonly entries: BandwidthEntries } | { readonly fault: string } {
  try {
    const words = written.trim().split(/\s+/);
    const [only = ''] = words;
    if (words.length === 1 && !only.includes(','))
      return { entries: [{ start: 0, bytesPerSecond: rateIn(only) }] };
    // Of two for the same moment the one that stands later counts, as one for a day may follow those for every day.
    const byStart = new Map(words.flatMap(entriesOf).map((entry) => [entry.start, entry]));
    return { entries: [...byStart.values()].toSorted((one, other) => one.start - other.start) };
  } catch (error) {
    if (error instanceof BandwidthFault) return { fault: error.message };
    throw error;
  }
}

/** How many bytes per second may travel, and when. All times in ms since 1970. */
export interface BandwidthTimetable {
  /** Undefined for no limit. */
  rateAt(at: number): number | undefined;
  /** The moment at which so many bytes are through that begin to travel at `from`. */
  through(bytes: number, from: number): number;
}

// 1970-01-05 was a Monday.
const aMonday = 4 * minutesPerDay * msPerMinute;
/** Clocks are changed at whole quarters of an hour: what holds now is looked at again then. */
const quarter = 15 * msPerMinute;

/** As the wall clock of the time zone shows the week. */
export function bandwidthTimetable(entries: BandwidthEntries, timeZone: string): BandwidthTimetable {
  const stateAt = (at: number) => {
    const [only] = entries;
    if (entries.length === 1) return { rate: only?.bytesPerSecond, until: Infinity };
    const sinceMonday = at + offsetAt(timeZone, at) - aMonday;
    const ofWeek = ((sinceMonday % msPerWeek) + msPerWeek) % msPerWeek;
    // Before the first of the week, the last of the week before still holds.
    const now = entries.findLast(({ start }) => start <= ofWeek) ?? entries.at(-1);
    const next = entries.find(({ start }) => start > ofWeek)?.start ?? msPerWeek;
    return { rate: now?.bytesPerSecond, until: Math.min(at + next - ofWeek, at - (at % quarter) + quarter) };
  };
  return {
    rateAt: (at) => stateAt(at).rate,
    through(bytes, from) {
      let [left, at] = [bytes, from];
      for (;;) {
        const { rate, until } = stateAt(at);
        if (rate === undefined) return at;
        const needed = (left * 1000) / rate;
        if (at + needed <= until) return at + needed;
        left -= ((until - at) * rate) / 1000;
        at = until;
      }
    },
  };
}
