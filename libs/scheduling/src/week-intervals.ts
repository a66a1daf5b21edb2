import { minutesPerDay } from './weekly-period.ts';
import type { WeeklyPeriod } from './weekly-period.ts';

const msPerMinute = 60_000;
export const msPerWeek = 7 * minutesPerDay * msPerMinute;

/** Milliseconds since Monday 00:00 of the local week; the end is not part of it. */
export interface WeekInterval {
  readonly start: number;
  end: number;
}

/** The open parts of a week: in order, disjoint, none across the end of the week. */
export function weekIntervals(periods: readonly WeeklyPeriod[]): WeekInterval[] {
  const pieces = periods.flatMap(({ day, startMinute, endMinute }) => {
    const start = (day * minutesPerDay + startMinute) * msPerMinute;
    const end = (day * minutesPerDay + endMinute) * msPerMinute;
    return end <= msPerWeek
      ? [{ start, end }]
      : [
          { start, end: msPerWeek },
          { start: 0, end: end - msPerWeek },
        ];
  });
  const merged: WeekInterval[] = [];
  for (const piece of pieces.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && piece.start <= last.end) last.end = Math.max(last.end, piece.end);
    else merged.push({ ...piece });
  }
  return merged;
}

/** Whether the moment of the week is open, and for how many milliseconds that stays so at least. */
export function stateAt(
  intervals: readonly WeekInterval[],
  ofWeek: number,
): { isOpen: boolean; forMs: number } {
  const next = intervals.find(({ end }) => ofWeek < end);
  if (next && ofWeek >= next.start) return { isOpen: true, forMs: next.end - ofWeek };
  return { isOpen: false, forMs: (next?.start ?? msPerWeek) - ofWeek };
}
