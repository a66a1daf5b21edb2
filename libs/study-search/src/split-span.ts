import type { Order, Span } from './span.ts';

export interface Splitting {
  readonly order: Order;
  /** Into which a second is split in the end, and what has no date. */
  readonly modalities: readonly string[];
}

/**
 * Smaller parts of a span whose answer was cut, first those that are wanted first: half of its days, then half of the
 * day's seconds, then each modality. Empty where nothing smaller can be asked for. Pure.
 */
export function splitSpan(span: Span, { order, modalities }: Splitting): Span[] {
  const { dates, times, modality } = span;
  const inOrder = (parts: readonly Span[]) => (order === 'oldest first' ? [...parts] : [...parts].reverse());
  if (dates !== undefined && dates.from !== dates.to)
    return inOrder(halves(daysIn(dates), dayAt).map((half) => ({ ...span, dates: half })));
  if (dates !== undefined && modality === undefined && (times === undefined || times.from !== times.to))
    return inOrder(halves(secondsIn(times), timeAt).map((half) => ({ ...span, times: half })));
  return modality === undefined ? modalities.map((one) => ({ ...span, modality: one })) : [];
}

type Dates = NonNullable<Span['dates']>;

/** How many days there are from the first to the last. */
export const daysOf = ({ from, to }: Dates): number => dayOf(to) - dayOf(from) + 1;

/** How many seconds of its day a span of one day has. */
export function secondsOf({ times }: Span): number {
  const { from, to } = secondsIn(times);
  return to - from + 1;
}

/** The first so many days, and the others; there must be some of both. */
export function splitDays({ from, to }: Dates, days: number): readonly [Dates, Dates] {
  const middle = dayOf(from) + days;
  return [
    { from, to: dayAt(middle - 1) },
    { from: dayAt(middle), to },
  ];
}

interface Numbers {
  readonly from: number;
  readonly to: number;
}

function halves({ from, to }: Numbers, write: (at: number) => string) {
  const middle = Math.floor((from + to) / 2);
  return [
    { from: write(from), to: write(middle) },
    { from: write(middle + 1), to: write(to) },
  ];
}

const msPerDay = 86_400_000;
const lastSecond = 86_399;

const daysIn = ({ from, to }: { readonly from: string; readonly to: string }): Numbers => ({
  from: dayOf(from),
  to: dayOf(to),
});

const dayOf = (date: string): number =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / msPerDay;

const dayAt = (day: number): string =>
  new Date(day * msPerDay).toISOString().slice(0, 10).replaceAll('-', '');

const secondsIn = (times: Span['times']): Numbers =>
  times === undefined ? { from: 0, to: lastSecond } : { from: secondOf(times.from), to: secondOf(times.to) };

const secondOf = (time: string): number =>
  Number(time.slice(0, 2)) * 3600 + Number(time.slice(2, 4)) * 60 + Number(time.slice(4, 6));

const timeAt = (second: number): string =>
  [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join('');
