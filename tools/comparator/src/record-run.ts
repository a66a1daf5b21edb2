import { join } from 'node:path';
import { type ExitCode, exitCodes } from '@orthanc-tools/failures';
import { writePage } from '@orthanc-tools/html-report';
import type { RunContext, RunOutcome } from '@orthanc-tools/tool-runtime';
import { readCheckpoint } from './checkpoint.ts';
import type { Days } from './days-of.ts';
import { type RunDescription, describeRun } from './describe-run.ts';
import { type PastRun, readHistory, remember } from './history.ts';
import { ignoredIn } from './ignored-directions.ts';
import { type ComparatorOptions, fingerprintOf } from './open-sides.ts';
import { readItems } from './read-items.ts';
import { type RunRecord, openRecord } from './run-record.ts';
import { type Tally, differencesIn } from './tally.ts';

export interface RecordedRun {
  readonly options: ComparatorOptions;
  readonly context: RunContext;
  /** Study dates; empty: all. */
  readonly from: string;
  readonly to: string;
  /** Who is compared, in words of the report. */
  readonly subject: Pick<RunDescription, 'here' | 'there' | 'attributes'>;
  readonly version: string;
}

/**
 * Does the work from where an earlier run with the same options was interrupted, and makes report and history of it. The
 * work adds to the record, and may end early when the run is to stop.
 */
export async function recordRun(
  run: RecordedRun,
  work: (record: RunRecord) => Promise<void>,
): Promise<RunOutcome> {
  const { options, context, from, to } = run;
  const { clock, signal, log } = context;
  const folder = folderOf(options, context);
  using record = openRecord({
    folder,
    fingerprint: fingerprintOfRun(options, { from, to }),
    from,
    to,
    now: clock.now(),
    itemsJson: options.itemsJson,
    itemsCsv: options.itemsCsv,
    hasEqual: options.equalItems === 'study',
  });
  if (record.doneThrough !== undefined) log.info('comparison.resumed', { doneThrough: record.doneThrough });
  // Whoever is killed in the first slice is finished, too.
  else record.checkpoint(undefined);
  try {
    await work(record);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) return outcomeOf(record.tally, exitCodes.interrupted);
  return await conclude(run, record, folder);
}

const kindOf = ({ audit }: ComparatorOptions): string => (audit ? 'audit' : 'comparison');

/** Each comparison has a memory of its own, whatever days it is about. */
const folderOf = (options: ComparatorOptions, { stateFolder }: RunContext): string =>
  join(options.stateFolder ?? stateFolder, `comparator-${fingerprintOf(options, [kindOf(options)])}`);

const fingerprintOfRun = (options: ComparatorOptions, { from, to }: Days): string =>
  fingerprintOf(options, [kindOf(options), from, to, ...ownWishes(options)]);

/** The days of a run with the same options that was begun and did not end. */
export function unfinishedDays(options: ComparatorOptions, context: RunContext): Days | undefined {
  const found = readCheckpoint(folderOf(options, context));
  return found !== undefined && found.fingerprint === fingerprintOfRun(options, found) ? found : undefined;
}

/** Whoever wants something else done, or written elsewhere, does not go on where another run has stopped. */
const ownWishes = (options: ComparatorOptions): string[] =>
  [
    options.transferMissingToModality,
    options.retrieveMissingFromOrthanc,
    options.repairIdentityConflicts,
    options.itemsJson,
    options.itemsCsv,
    options.equalItems,
  ].map(String);

/** Writes the report, remembers the run, and only then forgets where it stood. */
async function conclude(run: RecordedRun, record: RunRecord, folder: string): Promise<RunOutcome> {
  const { options, context, from, to } = run;
  const { tally, startedAt } = record;
  record.flush();
  const { studies, items, repaired } = tally;
  const endedAt = context.clock.now().toISOString();
  const past: PastRun = { startedAt, endedAt, from, to, studies, items: { ...items }, repaired };
  const history = readHistory(folder);
  if (options.htmlReport !== undefined)
    await writePage(options.htmlReport, describeRun(descriptionOf(run, record, { history, endedAt })));
  remember(folder, past);
  record.finish();
  const last = history.at(-1);
  const before = last === undefined ? {} : { differencesBefore: differencesIn(last) };
  const outcome = outcomeOf(tally, exitCodeOf(tally));
  return { ...outcome, summary: { ...outcome.summary, ...before } };
}

function descriptionOf(
  { options, from, to, subject, version }: RecordedRun,
  { tally, startedAt, itemsPath }: RunRecord,
  { history, endedAt }: Pick<RunDescription, 'history' | 'endedAt'>,
): RunDescription {
  return {
    ...subject,
    tally,
    level: options.audit ? 'stored files' : options.level,
    ignored: ignoredIn(options),
    from,
    to,
    startedAt,
    endedAt,
    history,
    items: readItems(itemsPath),
    unknown: readItems(itemsPath),
    links: (options.orthancLinks ?? options.orthancUrl).replace(/\/+$/, ''),
    allItemsIn: options.itemsCsv ?? options.itemsJson,
    madeBy: `orthanc-comparator ${version}`,
  };
}

function exitCodeOf(tally: Tally): ExitCode {
  if (differencesIn(tally) > 0) return exitCodes.differences;
  return tally.items.unknown > 0 ? exitCodes.setAside : exitCodes.done;
}

function outcomeOf(tally: Tally, exitCode: ExitCode): RunOutcome {
  const { studies, instances, items, repaired, identityConflicts } = tally;
  return {
    exitCode,
    summary: {
      comparedStudies: studies,
      equalStudies: items.equal,
      commonInstances: instances,
      onlyInOrthanc: items.onlyInOrthanc,
      missingFromOrthanc: items.onlyThere,
      different: items.differs,
      identityConflicts,
      notCompared: items.unknown,
      repaired,
      differences: differencesIn(tally),
    },
    report: { days: tally.days, notes: Object.values(tally.notes) },
  };
}
