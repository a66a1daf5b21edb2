import type { Failure } from '@orthanc-tools/failures';
import type { FoundStudy } from './found-study.ts';
import { type Search, type Told, searchStudies } from './search-studies.ts';
import type { Order, Span } from './span.ts';
import { daysOf, splitDays } from './split-span.ts';

type Dates = NonNullable<Span['dates']>;

/** All that was learnt of some whole days, or of the studies without a date. */
export interface Slice {
  /** Undefined: studies that have none. */
  readonly dates: Span['dates'];
  /** By their UIDs, each once. */
  readonly studies: ReadonlyMap<string, FoundStudy>;
  /** The remote may hold more of these days than it tells. */
  readonly isCut: boolean;
  /** Some of these days, or all, were not told. */
  readonly failure: Failure | undefined;
}

export interface SliceSearch extends Search {
  /** How many studies whoever compares holds of these days himself: so many are in memory, too. */
  readonly weigh?: ((dates: Dates) => Promise<number>) | undefined;
}

/** About how many studies a slice may hold. */
const wanted = 2000;
const firstDays = 31;
const fastestGrowth = 8;

/**
 * Finds the studies of a range in slices of whole days: as many days at once as hold about two thousand studies, so that
 * memory is the same for a month and for a century. A study is told once, unless it has no date.
 */
export async function* searchSlices(search: SliceSearch): AsyncGenerator<Slice> {
  const { span, order, weigh } = search;
  if (span.dates === undefined) {
    yield* gatherDays(searchStudies(search));
    return;
  }
  let left: Dates | undefined = span.dates;
  for (let days = firstDays; left !== undefined;) {
    const weighed = await lighten({ dates: left, days, order }, weigh);
    const next: Parts = takeDays(left, weighed.days, order);
    left = next.left;
    let found = weighed.studies;
    let told = 0;
    for await (const slice of gatherDays(searchStudies({ ...search, span: { dates: next.part } }))) {
      told += slice.studies.size;
      yield slice;
    }
    found = Math.max(found, told);
    days = paceAfter(weighed.days, found);
  }
}

/** How many days to ask for next, after so many studies in so many days. Pure. */
function paceAfter(days: number, studies: number): number {
  const fitting = studies === 0 ? Infinity : Math.floor((days * wanted) / studies);
  return Math.max(1, Math.min(fitting, days * fastestGrowth));
}

interface Parts {
  readonly part: Dates;
  readonly left: Dates | undefined;
}

interface Load {
  readonly dates: Dates;
  readonly days: number;
  readonly order: Order;
}

/** Takes fewer days where they hold too much on the other side. */
async function lighten({ dates, days, order }: Load, weigh: SliceSearch['weigh']) {
  for (let taken = days; ; taken = Math.ceil(taken / 4)) {
    const studies = (await weigh?.(takeDays(dates, taken, order).part)) ?? 0;
    if (studies <= wanted || taken === 1) return { days: taken, studies };
  }
}

/** The first days of what is left, in the order that is wanted. */
function takeDays(dates: Dates, days: number, order: Order): Parts {
  const all = daysOf(dates);
  if (days >= all) return { part: dates, left: undefined };
  const [early, late] = splitDays(dates, order === 'oldest first' ? days : all - days);
  return order === 'oldest first' ? { part: early, left: late } : { part: late, left: early };
}

/** Puts together what is told of one day in parts; what is told of several days is whole. */
async function* gatherDays(all: AsyncIterable<Told>): AsyncGenerator<Slice> {
  let open: Gathering | undefined;
  for await (const told of all) {
    const { dates } = told.span;
    if (open !== undefined && nameOf(open.dates) !== nameOf(dates)) {
      yield closed(open);
      open = undefined;
    }
    open ??= { dates, studies: new Map(), isCut: false, failure: undefined };
    if (told.is === 'failed') open.failure ??= told.failure;
    else for (const study of told.studies) open.studies.set(study.studyInstanceUid, study);
    if (told.is === 'cut') open.isCut = true;
  }
  if (open !== undefined) yield closed(open);
}

interface Gathering {
  readonly dates: Span['dates'];
  readonly studies: Map<string, FoundStudy>;
  isCut: boolean;
  failure: Failure | undefined;
}

const closed = ({ ...slice }: Gathering): Slice => slice;

const nameOf = (dates: Span['dates']): string =>
  dates === undefined ? 'undated' : `${dates.from}-${dates.to}`;
