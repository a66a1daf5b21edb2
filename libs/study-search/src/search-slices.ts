import type { Failure } from '@orthanc-tools/failures';
import { type FoundStudy, patientIdIn } from './found-study.ts';
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
  /** Those that were told under the UID of another one for another patient, where PatientID is told. */
  readonly ofOtherPatients: readonly FoundStudy[];
  /** The remote may hold more of these days than it tells. */
  readonly isCut: boolean;
  /** Some of these days, or all, were not told. */
  readonly failure: Failure | undefined;
}

export interface SliceSearch extends Search {
  /** How many studies whoever compares holds of these days himself: so many are in memory, too. Undefined: nobody knows. */
  readonly weigh?: ((dates: Dates) => Promise<number | undefined>) | undefined;
  /** How many days a slice may have; a year, unless given, and where nobody knows what is in them. */
  readonly mostDays?: number | undefined;
  /** Whether days that failed are asked for again in halves; never, unless given. */
  readonly halves?: ((dates: Dates, failure: Failure) => boolean) | undefined;
}

/** About how many studies a slice may hold. */
const wanted = 2000;
const firstDays = 31;
const fastestGrowth = 8;
const usualMostDays = 366;

/**
 * Finds the studies of a range in slices of whole days: as many days at once as hold about two thousand studies, so that
 * memory is the same for a month and for a century. A study is told once, unless it has no date.
 */
export async function* searchSlices(search: SliceSearch): AsyncGenerator<Slice> {
  const { span, order, weigh, mostDays = usualMostDays } = search;
  if (span.dates === undefined) {
    yield* gatherDays(searchStudies(search));
    return;
  }
  let left: Dates | undefined = span.dates;
  for (let days = firstDays; left !== undefined;) {
    const weighed = await lighten({ dates: left, days, order }, weigh);
    const next: Parts = takeDays(left, weighed.days, order);
    left = next.left;
    const counts = { studies: 0, hasFailed: false, widest: 0 };
    for await (const slice of searchDays(next.part, search, () => (counts.hasFailed = true))) {
      counts.studies += slice.studies.size;
      if (slice.failure !== undefined) counts.hasFailed = true;
      else counts.widest = Math.max(counts.widest, slice.dates === undefined ? 0 : daysOf(slice.dates));
      yield slice;
    }
    const studies = Math.max(weighed.studies, counts.studies);
    // Of a remote that is away, days are told no sooner than months.
    const widest = counts.hasFailed
      ? counts.widest || Math.max(Math.ceil(weighed.days / 2), firstDays)
      : undefined;
    days = Math.min(mostDays, paceAfter({ days: weighed.days, studies, widest }));
  }
}

/** Some days at once; in halves what fails of them, where that is wanted. */
async function* searchDays(dates: Dates, search: SliceSearch, onFailure: () => void): AsyncGenerator<Slice> {
  for await (const slice of gatherDays(searchStudies({ ...search, span: { dates } }))) {
    const halves = slice.studies.size === 0 ? halvesOf(slice, search) : [];
    if (halves.length === 0) yield slice;
    else onFailure();
    for (const half of halves) yield* searchDays(half, search, onFailure);
  }
}

function halvesOf({ dates, failure }: Slice, { halves, order }: SliceSearch): readonly Dates[] {
  if (failure === undefined || dates === undefined || halves?.(dates, failure) !== true) return [];
  const days = daysOf(dates);
  if (days === 1) return [];
  const [early, late] = splitDays(dates, Math.ceil(days / 2));
  return order === 'oldest first' ? [early, late] : [late, early];
}

/** How many days to ask for next, after so many studies in so many days. Pure. */
function paceAfter({ days, studies, widest }: Turn): number {
  if (widest !== undefined) return Math.max(1, Math.min(days, widest));
  const fitting = studies === 0 ? Infinity : Math.floor((days * wanted) / studies);
  return Math.max(1, Math.min(fitting, days * fastestGrowth));
}

interface Turn {
  readonly days: number;
  readonly studies: number;
  /** Where some days failed: how many were told at once in spite of it. */
  readonly widest: number | undefined;
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
    const studies = await weigh?.(takeDays(dates, taken, order).part);
    if (studies === undefined) return { days: Math.min(taken, usualMostDays), studies: 0 };
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
    open ??= { dates, studies: new Map(), ofOtherPatients: [], isCut: false, failure: undefined };
    if (told.is === 'failed') open.failure ??= told.failure;
    else for (const study of told.studies) gather(open, study);
    if (told.is === 'cut') open.isCut = true;
  }
  if (open !== undefined) yield closed(open);
}

interface Gathering {
  readonly dates: Span['dates'];
  readonly studies: Map<string, FoundStudy>;
  readonly ofOtherPatients: FoundStudy[];
  isCut: boolean;
  failure: Failure | undefined;
}

function gather({ studies, ofOtherPatients }: Gathering, study: FoundStudy): void {
  const known = studies.get(study.studyInstanceUid);
  if (known === undefined || patientIdIn(known.tags) === patientIdIn(study.tags))
    studies.set(study.studyInstanceUid, study);
  else ofOtherPatients.push(study);
}

const closed = ({ ...slice }: Gathering): Slice => slice;

const nameOf = (dates: Span['dates']): string =>
  dates === undefined ? 'undated' : `${dates.from}-${dates.to}`;
