import { asFailure, configurationError, describeFailure, exitCodes } from '@orthanc-tools/failures';
import { scheduleFromOptions } from '@orthanc-tools/scheduling';
import type { RunContext, RunOutcome } from '@orthanc-tools/tool-runtime';
import { compareSlice } from './compare-slice.ts';
import { auditOrthanc } from './audit-orthanc.ts';
import {
  type ComparatorOptions,
  type OpenSides,
  comparisonOf,
  openSides,
  otherSideFault,
} from './open-sides.ts';
import { type Days, daysFault, daysOf } from './days-of.ts';
import { executionsOf } from './executions.ts';
import { openRepair } from './repair.ts';
import { recordRun, unfinishedDays } from './record-run.ts';
import { runOnce } from './run-once.ts';
import { version } from './version.ts';
import { waitForHours } from './wait-for-hours.ts';

/** Compares once, or again and again at the times that the options name. */
export async function runComparator(options: ComparatorOptions, context: RunContext): Promise<RunOutcome> {
  if (options.audit) return await auditOrthanc(options, context, version);
  checkGiven(options);
  await using sides = await openSides(options, context);
  const request = { options, context, sides };
  if (options.executionTime !== undefined) return await compareAgainAndAgain(request);
  return await compare({ ...request, ...daysOf(options, context.clock.now()) });
}

/** @throws configuration `OPTIONS_INVALID` with all that is missing, so that nobody is told of one thing after the other */
function checkGiven(options: ComparatorOptions): void {
  const faults = [daysFault(options), otherSideFault(options)].filter((fault) => fault !== undefined);
  if (faults.length > 0) throw configurationError('OPTIONS_INVALID', faults.join('\n'));
}

/** A run that did not end is finished first: the days of the next ones are others. Gives what came of the last. */
async function compareAgainAndAgain(request: SideRequest): Promise<RunOutcome> {
  const { options, context } = request;
  let last: RunOutcome = { exitCode: exitCodes.interrupted, summary: {} };
  const finishLeft = async () => {
    const left = unfinishedDays(options, context);
    if (left !== undefined)
      last = await execute({ ...request, from: left.from, to: left.to }, context.clock.now());
  };
  await finishLeft();
  for await (const at of executionsOf(options, context)) {
    const days = daysOf(options, context.clock.now());
    await finishLeft();
    if (!context.signal.aborted) last = await execute({ ...request, ...days }, at);
  }
  return last;
}

/** What fails costs this execution only; the next may find it mended. */
async function execute(request: CompareRequest, at: Date): Promise<RunOutcome> {
  const { from, to, context } = request;
  context.log.info('comparison.started', { at: at.toISOString(), from, to });
  const outcome = await compare(request).catch((error: unknown): RunOutcome => {
    const failure = asFailure(error);
    if (failure === undefined || context.signal.aborted) throw error;
    const { code, message } = failure;
    context.log.error('comparison.failed', { code, message });
    return { exitCode: exitCodes.setAside, summary: {}, report: { failure: describeFailure(failure) } };
  });
  context.log.info('comparison.finished', { ...outcome.summary });
  await context.reportSoFar?.(outcome);
  return outcome;
}

interface SideRequest {
  readonly options: ComparatorOptions;
  readonly context: RunContext;
  readonly sides: OpenSides;
}

interface CompareRequest extends SideRequest, Days {}

async function compare({ options, context, sides, from, to }: CompareRequest): Promise<RunOutcome> {
  const { here, there } = sides;
  const subject = { here: here.name, there: there.name, attributes: options.attributes ?? [] };
  return await recordRun({ options, context, from, to, subject, version }, async (record) => {
    const comparison = comparisonOf(sides, options, record.tally);
    await runOnce({
      slices: there.slices,
      weigh: here.countOf,
      judge: (slice, range, doubt) =>
        compareSlice({ comparison, slice, range, undated: record.undated, doubt }),
      record,
      context,
      from,
      to,
      includesUndated: options.includeUndated,
      untilOpen: waitForHours(scheduleFromOptions(options), context),
      repair: openRepair({ options, context, sides, comparison }),
    });
  });
}
