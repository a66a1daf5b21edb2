import { type ExitCode, exitCodes } from '@orthanc-tools/failures';
import {
  LedgerList,
  type LedgerView,
  type PartException,
  type WorkLedger,
  type WorkTally,
} from '@orthanc-tools/work-ledger';
import { type WorkLine, eachLine, eachMissing, eachVanished } from './ledger-pages.ts';
import type { RunTotals } from './run-totals.ts';
import { vanished } from './study-note.ts';

interface OpenLine extends WorkLine {
  readonly missingImages: readonly PartException[];
}

/** What the report file holds beside the summary. */
export interface MigrationReport {
  readonly ledger: WorkTally;
  /** Studies and searches that were set aside, each with everything that is missing by name. */
  readonly setAside: Iterable<OpenLine>;
  readonly identityConflicts: Iterable<{ readonly study: string; readonly differ: readonly string[] }>;
  /** Studies that were gone from Orthanc before they were migrated. */
  readonly vanished: Iterable<{ readonly study: string; readonly date: string }>;
  /** How many studies of each day are proved, how many are there unproved, and how many are not there yet. */
  readonly byDay: readonly DayOfStudies[];
}

export interface DayOfStudies {
  readonly date: string;
  readonly proved: number;
  /** Accepted, or there before: nobody has compared them. */
  readonly unproved: number;
  readonly open: number;
}

/** What the ledger holds of all runs. */
export interface Standing {
  readonly studies: number;
  readonly proved: number;
  readonly accepted: number;
  /** Were at the destination before, as a whole or in part: that they are the same, nobody has said. */
  readonly existing: number;
  /** Gone from Orthanc before they were migrated. */
  readonly vanished: number;
  readonly setAside: number;
  readonly setAsideSearches: number;
  readonly waiting: number;
  readonly missingImages: number;
  /** Studies whose patient the destination knows otherwise. */
  readonly identityConflicts: number;
}

export interface Reported {
  readonly standing: Standing;
  readonly report: MigrationReport;
}

/** Reads the whole ledger once; what is listed is read when it is written. Memory holds a number per day. */
export function reportOn(ledger: Pick<WorkLedger, 'path' | 'tally' | 'rows'>): Reported {
  const standing = {
    ...{ studies: 0, proved: 0, accepted: 0, existing: 0, vanished: 0 },
    ...{ setAside: 0, setAsideSearches: 0, waiting: 0, missingImages: 0, identityConflicts: 0 },
  };
  const days = new Map<string, DayCounts>();
  for (const line of eachLine(ledger)) {
    if (line.kind === 'study') count(line, standing, days);
    else if (line.state === 'set aside') standing.setAsideSearches += 1;
  }
  const byDay = [...days]
    .map(([date, of]) => ({ date, ...of }))
    .toSorted((a, b) => (a.date < b.date ? -1 : 1));
  const lists = {
    setAside: new LedgerList(ledger, eachOpenLine),
    identityConflicts: new LedgerList(ledger, eachConflict),
    vanished: new LedgerList(ledger, eachGone),
  };
  return { standing, report: { ledger: ledger.tally(), ...lists, byDay } };
}

function* eachOpenLine(ledger: LedgerView): Generator<OpenLine> {
  for (const line of eachLine(ledger))
    if (line.state === 'set aside') yield { ...line, missingImages: [...eachMissing(line.key, ledger)] };
}

function* eachConflict(ledger: LedgerView): Generator<{ study: string; differ: readonly string[] }> {
  for (const { kind, key, differ } of eachLine(ledger))
    if (kind === 'study' && differ.length > 0) yield { study: key, differ };
}

function* eachGone(ledger: LedgerView): Generator<{ study: string; date: string }> {
  for (const { key, date } of eachVanished(ledger)) yield { study: key, date };
}

type DayCounts = Mutable<Omit<DayOfStudies, 'date'>>;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function count(
  { date, state, outcome, proof, missing, differ }: WorkLine,
  standing: Mutable<Standing>,
  days: Map<string, DayCounts>,
): void {
  standing.studies += 1;
  if (differ.length > 0) standing.identityConflicts += 1;
  if (state === 'done' && outcome === vanished) {
    standing.vanished += 1;
    return;
  }
  const day = days.get(date) ?? { proved: 0, unproved: 0, open: 0 };
  days.set(date, day);
  standing.missingImages += missing;
  if (state === 'done') {
    const is = outcome === 'accepted' ? 'accepted' : proof === 'existence' ? 'existing' : 'proved';
    standing[is] += 1;
    day[is === 'proved' ? 'proved' : 'unproved'] += 1;
    return;
  }
  day.open += 1;
  standing[state === 'set aside' ? 'setAside' : 'waiting'] += 1;
}

/** The line at the end: this run, and what the ledger holds of all runs. */
export function summarize(totals: RunTotals, standing: Standing): Record<string, number> {
  return {
    ...totals,
    setAsideStudies: standing.setAside,
    setAsideSearches: standing.setAsideSearches,
    missingImages: standing.missingImages,
    waitingStudies: standing.waiting,
    acceptedStudiesInLedger: standing.accepted,
    existingStudiesInLedger: standing.existing,
    vanishedStudiesInLedger: standing.vanished,
    provedStudiesInLedger: standing.proved,
    studiesInLedger: standing.studies,
  };
}

/**
 * What was not migrated, a search too, weighs more than patients in conflict whose images were migrated. What has vanished
 * can be mended by no run: it is told by the exit code of the one that found it gone, and by the reports of all.
 */
export function exitCodeFor(
  { standing, report }: Reported,
  { vanishedStudies }: Pick<RunTotals, 'vanishedStudies'>,
  isInterrupted: boolean,
): ExitCode {
  if (isInterrupted) return exitCodes.interrupted;
  if (report.ledger.setAside > 0 || vanishedStudies > 0) return exitCodes.setAside;
  return standing.identityConflicts > 0 ? exitCodes.differences : exitCodes.done;
}
