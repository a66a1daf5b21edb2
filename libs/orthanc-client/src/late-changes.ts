import type { Change, ChangePage } from './changes.ts';
import { type Hole, planReadings, withPassedOver, withoutFound } from './log-holes.ts';
import type { Orthanc } from './orthanc.ts';
import type { SequenceRange } from './sequence-ranges.ts';

/** Where they are kept: the cursors of a ledger. */
interface Cursors {
  cursor(name: string): string | undefined;
  setCursor(name: string, value: string): void;
}

const cursor = 'log holes';
const perPage = 4000;

const readHoles = (ledger: Pick<Cursors, 'cursor'>): readonly Hole[] =>
  JSON.parse(ledger.cursor(cursor) ?? '[]') as readonly Hole[];

function writeHoles(ledger: Cursors, before: readonly Hole[], holes: readonly Hole[]): void {
  if (before.length + holes.length > 0) ledger.setCursor(cursor, JSON.stringify(holes));
}

interface Reading {
  readonly ledger: Cursors;
  readonly clock: { now(): Date };
}

/**
 * Notes what a page has passed over. To be called before the ledger says that the log was read up to there: dying in
 * between, the page is read once more. `after` is how far it had been read.
 */
export function notePassedOver(
  { passedOver, last }: Pick<ChangePage, 'passedOver' | 'last'>,
  after: number,
  { ledger, clock }: Reading,
): void {
  if (passedOver.length === 0) return;
  const holes = readHoles(ledger);
  const now = clock.now().getTime();
  writeHoles(ledger, holes, withPassedOver(holes, passedOver, { after, upTo: last, now }));
}

/** For a log that begins anew: what was passed over in another one says nothing. */
export function forgetPassedOver(ledger: Cursors): void {
  writeHoles(ledger, readHoles(ledger), []);
}

interface LateReading extends Reading {
  readonly source: { readonly changes: Pick<Orthanc['changes'], 'read'> };
  readonly types?: readonly string[] | undefined;
  readonly signal: AbortSignal;
  /** Called once for each entry, unless a process dies over it. */
  enter(late: readonly Change[]): Promise<void>;
}

/**
 * Enters what has appeared meanwhile under numbers that were passed over. To be called after the log was read to its end;
 * asks nothing where nothing is open, or nothing is due.
 */
export async function feedLateChanges(reading: LateReading): Promise<void> {
  const due = planReadings(readHoles(reading.ledger), reading.clock.now().getTime(), perPage);
  for (const range of due) {
    if (reading.signal.aborted) return;
    await readRange(range, reading);
  }
}

async function readRange({ from, to }: SequenceRange, reading: LateReading): Promise<void> {
  const { source, signal } = reading;
  for (let since = from - 1; since < to && !signal.aborted;) {
    const page = await source.changes.read({ since, limit: Math.min(perPage, to - since), signal });
    // Behind a page that is not the last one, more may stand.
    const upTo = page.isDone || page.last <= since ? to : Math.min(to, page.last);
    await enterFound({ from: since + 1, to: upTo }, page, reading);
    since = upTo;
  }
}

async function enterFound(asked: SequenceRange, page: ChangePage, reading: LateReading): Promise<void> {
  const { ledger, clock, types, enter } = reading;
  const holes = readHoles(ledger);
  const open = holes.filter(({ from, to }) => from <= asked.to && to >= asked.from);
  const late = page.changes.filter(
    ({ sequence }) => isIn(asked, sequence) && open.some((hole) => isIn(hole, sequence)),
  );
  const wanted = types === undefined ? late : late.filter(({ type }) => types.includes(type));
  if (wanted.length > 0) await enter(wanted);
  const found = late.map(({ sequence }) => sequence);
  writeHoles(ledger, holes, withoutFound(holes, asked, { found, now: clock.now().getTime() }));
}

const isIn = ({ from, to }: SequenceRange, sequence: number): boolean => from <= sequence && sequence <= to;
