import { describeFailure, exitCodes } from '@orthanc-tools/failures';
import { type Orthanc, connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { executionTimes, timeZoneFromOptions } from '@orthanc-tools/scheduling';
import type { RunContext, RunOutcome } from '@orthanc-tools/tool-runtime';
import { openLedger } from '@orthanc-tools/work-ledger';
import { openTrail } from '../audit/open-trail.ts';
import { refuseBrokenTrail } from '../audit/verify-trail.ts';
import { openElsewhere } from '../elsewhere/elsewhere.ts';
import type { CleanerOptions } from '../options.ts';
import { readRulesFile } from '../rules-file/read-rules-file.ts';
import { untilSettled } from '../rules-file/settled-file.ts';
import { checkServer } from './check-server.ts';
import { type CleaningResult, carryOut, makePlan } from './clean-once.ts';
import { openMemory } from './cleaner-memory.ts';
import { outcomeOf } from './conclude-runs.ts';
import { endsMoreThanRun } from './end-early.ts';
import { noteFailure, noteOutcome } from './note-run.ts';
import { addressIn, placesOf } from './places.ts';
import { type Opened, diskMarks, prepareRun } from './prepare-run.ts';
import { refuseSecondLedger } from './refuse-second-ledger.ts';
import { warnOfIdleRules } from './warn-of-idle-rules.ts';
import { withPatience } from './with-patience.ts';

/** Cleans once, or at the times of the day that the options name, until the signal. */
export async function runCleaner(options: CleanerOptions, context: RunContext): Promise<RunOutcome> {
  const { log, clock } = context;
  const isOnce = options.once || options.dryRun;
  // A rules file that is wrong, and a zone that nobody knows, are told now and not in the middle of the night.
  await readRulesFile(options.labelsFilePath);
  const times = executionTimes(options.executionTime, timeZoneFromOptions(options));
  await using orthanc = connectOrthanc(connectionFrom(options, 'orthanc'));
  await using elsewhere = openElsewhere(orthanc, options);
  const places = placesOf(options, context.stateFolder);
  // Quarantines and deletions that were begun are of one Orthanc.
  const orthancUrl = addressIn(places.ledger, options.orthancUrl);
  using ledger = openLedger(places.ledger, { identity: { tool: 'cleaner', orthancUrl } });
  const told = await refuseBrokenTrail(places.trail);
  using trail = openTrail(places.trail, clock);
  log.info('ledger.opened', { path: places.ledger, auditTrail: places.trail });
  const memory = openMemory(ledger);
  memory.takeOver(told);
  const ownLedger = options.ledgerPath === undefined ? places.ledger : undefined;
  const opened = { orthanc, elsewhere, trail, memory, ownLedger };
  if (isOnce) return await notedRun(options, { context, opened });
  return await cleanAtTimes(options, { context, opened, times });
}

interface Ready extends Omit<Opened, 'isDiskFull' | 'rulesVersion' | 'sources'> {
  /** Undefined where a person has named the ledger. */
  readonly ownLedger: string | undefined;
}

interface Surroundings {
  readonly context: RunContext;
  readonly opened: Ready;
}

/** Undefined when Orthanc did not answer for as long as a run is to wait, or the run is to stop. */
async function oneRun(
  options: CleanerOptions,
  { context, opened }: Surroundings,
): Promise<CleaningResult | undefined> {
  const { orthanc } = opened;
  const patience = { ...context, patienceMs: options.patience };
  // Planning changes nothing: it may begin anew as often as Orthanc goes away, by the rules as they are then.
  const planned = await withPatience(patience, async ({ signal, answered }) => {
    const rulesVersion = await untilSettled(options.labelsFilePath, context.clock);
    const { sha256: rulesSha256, ...policy } = await readRulesFile(options.labelsFilePath);
    const { databaseIdentifier } = await checkServer(orthanc, options, signal);
    answered();
    refuseSecondLedger({ ownLedger: opened.ownLedger, databaseIdentifier }, opened.memory);
    const isDiskFull = await isFull(orthanc, options, context.signal);
    const sources = { orthancUrl: orthanc.url, databaseIdentifier, rulesSha256 };
    const run = prepareRun(policy, options, {
      context,
      opened: { ...opened, isDiskFull, rulesVersion, sources },
    });
    await warnOfIdleRules(policy, run);
    return { run, plan: await makePlan(run) };
  });
  return planned && carryOut(planned.plan, planned.run);
}

/** With a note of how it ended, unless it is a dry run. */
async function notedRun(options: CleanerOptions, surroundings: Surroundings): Promise<RunOutcome> {
  const { context, opened } = surroundings;
  const noting = { ...context, memory: opened.memory };
  try {
    const outcome = finished(await oneRun(options, surroundings), context);
    return options.dryRun ? outcome : noteOutcome(outcome, noting);
  } catch (error) {
    if (!options.dryRun) noteFailure(error, noting);
    throw error;
  }
}

async function isFull(orthanc: Orthanc, options: CleanerOptions, signal: AbortSignal): Promise<boolean> {
  const marks = diskMarks(options);
  return marks !== undefined && (await orthanc.statistics(signal)).diskSize > marks.high;
}

function finished(result: CleaningResult | undefined, { signal }: RunContext): RunOutcome {
  if (result !== undefined) return outcomeOf(result, signal.aborted);
  return {
    exitCode: signal.aborted ? exitCodes.interrupted : exitCodes.setAside,
    attention: 'Nothing was deleted: Orthanc stayed away. The next run plans anew.',
    summary: signal.aborted ? {} : { endedBy: 'orthanc' },
  };
}

interface Following extends Surroundings {
  readonly times: ReturnType<typeof executionTimes>;
}

async function cleanAtTimes(options: CleanerOptions, following: Following): Promise<RunOutcome> {
  const { context, times } = following;
  const { log, clock, signal, health } = context;
  let last: RunOutcome = { exitCode: exitCodes.interrupted, summary: {} };
  log.info('times.known', { times: times.describe() });
  for (;;) {
    const next = times.nextAfter(clock.now());
    log.info('run.awaited', { at: next?.toISOString() ?? 'never' });
    health.listeners.onTurn(Infinity);
    if ((await times.untilNext(clock, signal)) === undefined)
      return { ...last, exitCode: exitCodes.interrupted };
    last = (await runAtTime(options, following)) ?? last;
    if (last.failure !== undefined) return last;
  }
}

/** A run that cannot be made, as the rules file is wrong now or Orthanc refuses, must not cost the next one. */
async function runAtTime(options: CleanerOptions, following: Following): Promise<RunOutcome | undefined> {
  const { context } = following;
  try {
    const { failure, ...outcome } = await notedRun(options, following);
    if (failure !== undefined && endsMoreThanRun(failure)) return { ...outcome, failure };
    const level = outcome.exitCode === exitCodes.setAside ? 'warn' : 'info';
    if (failure === undefined) context.log[level]('cleaning.finished', outcome.summary);
    else tellFailed(failure, outcome.summary, context);
    return outcome;
  } catch (error) {
    if (endsMoreThanRun(error)) throw error;
    tellFailed(error, {}, context);
    return undefined;
  }
}

function tellFailed(error: unknown, summary: RunOutcome['summary'], { log }: RunContext): void {
  const { code, message } = describeFailure(error);
  log.error('cleaning.failed', { ...summary, code, message });
}
