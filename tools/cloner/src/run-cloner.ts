import { asFailure, exitCodes } from '@orthanc-tools/failures';
import { connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { scheduleFromOptions } from '@orthanc-tools/scheduling';
import { checkPagePlace } from '@orthanc-tools/sign-off';
import type { Logger } from '@orthanc-tools/telemetry';
import { nameOf } from '@orthanc-tools/tool-options';
import { type RunContext, type RunOutcome, patiently } from '@orthanc-tools/tool-runtime';
import { type WorkLedger, openLedger } from '@orthanc-tools/work-ledger';
import { throttleFromOptions } from './bandwidth/bandwidth-option.ts';
import { throttled } from './bandwidth/throttled.ts';
import type { ClonerOptions } from './options.ts';
import { copyEverything } from './copy-everything.ts';
import { prepareErrorFolder, writeErrorFiles } from './error-files.ts';
import { begun } from './begun.ts';
import { findLogEnd } from './feed-changes.ts';
import { openFilter, rememberFilter } from './filters/open-filter.ts';
import { proveAnew } from './feed-studies.ts';
import { rememberRate } from './last-rate.ts';
import { ledgerPlace } from './ledger-place.ts';
import { openDestination } from './open-destination.ts';
import { type RunTotals, noTotals } from './run-totals.ts';
import { signOffClone } from './sign-off-clone.ts';
import { checkLabels } from './source-labels.ts';
import { acceptedIn, exitCodeFor, reportOn, summarize } from './summarize.ts';

/** Copies all of one Orthanc into another and proves it; then follows, unless told to end. */
export async function runCloner(options: ClonerOptions, context: RunContext): Promise<RunOutcome> {
  if (options.dryRun) return (await import('./dry-run/preview-clone.ts')).previewClone(options, context);
  const { log, signal } = context;
  if (options.errorFolderPath !== undefined) await prepareErrorFolder(options.errorFolderPath);
  await checkPagePlace(options.htmlReport);
  const place = ledgerPlace(options, context.stateFolder);
  const throttle = throttleFromOptions(options, context.clock);
  if (throttle !== undefined) log.info('bandwidth.limited', { bytesPerSecond: options.bandwidth });
  await using source = throttled(connectOrthanc(connectionFrom(options, 'source')), throttle);
  const logEnd = begun(() => findLogEnd({ source, signal }));
  const open = () => openDestination({ ...context, options, source, throttle });
  await using destination = await openPatiently(open, options, context);
  if (destination === undefined) return interruptedAtStart;
  const chosen = await openFilter(options, source);
  using ledger = openLedger(place.path, { identity: { tool: 'cloner' } });
  log.info('ledger.opened', { path: place.path, interrupted: ledger.interrupted });
  if (place.pythonState !== undefined)
    log.info('ledger.python_state_read', { sequence: place.pythonState, provedAgain: true });
  const bringing = await openPatiently(() => destination.openBringing(ledger), options, context);
  if (bringing === undefined) return interruptedAtStart;
  rememberFilter(ledger, chosen?.digest, log);
  if (options.proveAgain) proveAnew(ledger);
  const labels = { success: options.successLabel, failure: options.failureLabel };
  await checkLabels(source, labels);
  const totals = noTotals();
  const ended: EndedClone = { options, context, ledger, ledgerPath: place.path, totals };
  try {
    await copyEverything({
      ...context,
      source,
      bringing,
      labels,
      // As the Python tool's Transfer does.
      waitsForStable: options.trigsOnStableStudy || options.mode === 'Transfer',
      ledger,
      totals,
      schedule: scheduleFromOptions(options),
      ceiling: options.workerThreadsCount,
      maxAttempts: options.maxRetries + 1,
      sweepMs: options.labelsSweep,
      filter: chosen?.filter,
      logEnd: await logEnd(),
      isFollowing: !options.existingChangesOnly && !destination.isSource,
    });
  } catch (error) {
    return await brokenOff(ended, error);
  }
  rememberRate(ledger, totals, options);
  const outcome = await tellEnd(ended);
  const signedOff = {
    ledger,
    isOneServer: destination.isSource || (destination.seemsSource && !hasCopied(ledger)),
    endedAt: context.clock.now(),
  };
  return {
    ...outcome,
    report: { ...outcome.report, signOff: await signOffClone(options, signedOff) },
  };
}

/** Two servers that tell the same of themselves are two, once something was copied from one to the other. */
const hasCopied = (ledger: WorkLedger): boolean => (ledger.tally().byOutcome['copied'] ?? 0) > 0;

interface EndedClone {
  readonly options: ClonerOptions;
  readonly context: RunContext;
  readonly ledger: WorkLedger;
  readonly ledgerPath: string;
  readonly totals: RunTotals;
}

/** What was done and what was set aside, by the ledger; in the error folder too. */
async function tellEnd({ options, context, ledger, ledgerPath, totals }: EndedClone): Promise<RunOutcome> {
  const { log, signal } = context;
  await tellInErrorFolder(options.errorFolderPath, { ledger, owner: ledgerPath, log });
  const report = reportOn(ledger, totals);
  const studies = acceptedIn(report.ledger);
  if (studies > 0)
    log.warn('studies.accepted_only', {
      studies,
      consequence: 'nobody can say that the destination holds them: they are not proved',
    });
  return {
    exitCode: exitCodeFor(report.ledger, signal.aborted),
    summary: summarize(totals, report.ledger),
    report,
  };
}

/**
 * What was done until something ended the run before its time is told all the same, unless it is the ledger that has
 * failed; nothing is signed off.
 */
async function brokenOff(ended: EndedClone, failure: unknown): Promise<RunOutcome> {
  try {
    return { ...(await tellEnd(ended)), failure };
  } catch {
    throw failure;
  }
}

interface ErrorTelling {
  readonly ledger: WorkLedger;
  readonly owner: string;
  readonly log: Logger;
}

/** The report says the same: that a file cannot be written there must not cost it. */
async function tellInErrorFolder(
  folder: string | undefined,
  { ledger, owner, log }: ErrorTelling,
): Promise<void> {
  if (folder === undefined) return;
  try {
    await writeErrorFiles({ folder, owner }, ledger);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The ledger's own failures end the run.
    if (asFailure(error) !== undefined || code === undefined) throw error;
    log.error('error_folder.unwritable', { option: nameOf('errorFolderPath'), folder, system: code });
  }
}

const interruptedAtStart: RunOutcome = { exitCode: exitCodes.interrupted, summary: {} };

/**
 * Servers that start together with the tool may answer later than it: who follows for weeks waits for them, who copies
 * once is told at once. Undefined when interrupted meanwhile.
 */
async function openPatiently<Opened>(
  open: () => Promise<Opened>,
  { existingChangesOnly }: Pick<ClonerOptions, 'existingChangesOnly'>,
  context: RunContext,
): Promise<Opened | undefined> {
  return existingChangesOnly ? open() : patiently(open, context);
}
