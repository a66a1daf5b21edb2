import type { Bar } from './report-page.ts';

/** What was counted for one day. */
export interface DayCount {
  /** `YYYYMMDD`; what is no such day counts as without a date. */
  readonly date: string;
  readonly values: readonly number[];
}

const atMost = 124;
const msPerDay = 86_400_000;

/** Into what days are put together, from the finest on. */
const scales: readonly ((date: string) => string)[] = [
  (date) => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`,
  (date) => `week of ${mondayBefore(date)}`,
  (date) => `${date.slice(0, 4)}-${date.slice(4, 6)}`,
  (date) => date.slice(0, 4),
];

/**
 * One bar per day, or per week, month or year where a page has no room for so many; days between, on which nothing was
 * counted, have an empty one. What has no date comes last.
 */
export function barsByDay(counts: readonly DayCount[]): Bar[] {
  const isDated = ({ date }: DayCount) => /^\d{8}$/.test(date) && !Number.isNaN(epochOf(date));
  const dated = counts.filter(isDated).toSorted((one, other) => (one.date < other.date ? -1 : 1));
  const undated = counts.filter((count) => !isDated(count));
  const finest = scales.find((scale) => isFew(dated, scale)) ?? scales.at(-1);
  const bars = finest === undefined ? [] : gather(dated, finest);
  return undated.length === 0
    ? bars
    : [...bars, { label: 'no date', values: sum(undated.map(({ values }) => values)) }];
}

function isFew(dated: readonly DayCount[], scale: (date: string) => string): boolean {
  const labels = new Set<string>();
  for (const date of daysBetween(dated)) if (labels.add(scale(date)).size > atMost) return false;
  return true;
}

function gather(dated: readonly DayCount[], scale: (date: string) => string): Bar[] {
  const byLabel = Map.groupBy(dated, ({ date }) => scale(date));
  const parts = dated[0]?.values.length ?? 0;
  const labels = new Set(Array.from(daysBetween(dated), scale));
  return Array.from(labels, (label) => {
    const values = (byLabel.get(label) ?? []).map((count) => count.values);
    return { label, values: sum([Array<number>(parts).fill(0), ...values]) };
  });
}

const sum = (rows: readonly (readonly number[])[]): number[] =>
  rows.reduce<number[]>((total, row) => row.map((value, at) => value + (total[at] ?? 0)), []);

function* daysBetween(dated: readonly DayCount[]): Generator<string> {
  const [first, last] = [dated[0], dated.at(-1)];
  if (first === undefined || last === undefined) return;
  for (let day = epochOf(first.date); day <= epochOf(last.date); day += msPerDay) yield dateAt(day);
}

const epochOf = (date: string): number =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)));

const dateAt = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10).replaceAll('-', '');

function mondayBefore(date: string): string {
  const epochMs = epochOf(date);
  const sinceMonday = (new Date(epochMs).getUTCDay() + 6) % 7;
  return new Date(epochMs - sinceMonday * msPerDay).toISOString().slice(0, 10);
}
