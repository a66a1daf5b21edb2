import { configurationError, exitCodes } from '@orthanc-tools/failures';
import { scheduleFromOptions } from '@orthanc-tools/scheduling';
import type { RunContext, RunOutcome } from '@orthanc-tools/tool-runtime';
import { compareSlice } from './compare-slice.ts';
import { auditOrthanc } from './audit-orthanc.ts';
import { type ComparatorOptions, type OpenSides, comparisonOf, openSides } from './open-sides.ts';
import { executionsOf } from './executions.ts';
import { openRepair } from './repair.ts';
import { recordRun } from './record-run.ts';
import { runOnce } from './run-once.ts';
import { dayBefore, parseStudyDate } from './study-dates.ts';
import { timeZoneOf } from './time-zone-of.ts';
import { version } from './version.ts';
import { waitForHours } from './wait-for-hours.ts';

interface Days {
  readonly from: string;
  readonly to: string;
}

/** Compares once, or again and again at the times that the options name. */
export async function runComparator(options: ComparatorOptions, context: RunContext): Promise<RunOutcome> {
  if (options.audit) return await auditOrthanc(options, context, version);
  daysOf(options, context);
  await using sides = await openSides(options, context);
  let outcome: RunOutcome = { exitCode: exitCodes.interrupted, summary: {} };
  for await (const at of executionsOf(options, context)) {
    if (options.executionTime !== undefined) context.log.info('comparison.started', { at: at.toISOString() });
    outcome = await compare({ options, context, sides, ...daysOf(options, context) });
    if (options.executionTime !== undefined) context.log.info('comparison.finished', { ...outcome.summary });
  }
  return outcome;
}

/** @throws configuration `OPTIONS_INVALID` */
function daysOf(options: ComparatorOptions, { clock }: RunContext): Days {
  const { daysToCompare, fromStudyDate, toStudyDate } = options;
  const timeZone = timeZoneOf(options);
  if (daysToCompare !== undefined) {
    const now = clock.now();
    return { from: dayBefore(now, daysToCompare, timeZone), to: dayBefore(now, 0, timeZone) };
  }
  const [from, to] = [parseStudyDate(fromStudyDate ?? ''), parseStudyDate(toStudyDate ?? '')];
  if (from !== undefined && to !== undefined) return { from, to };
  throw configurationError(
    'OPTIONS_INVALID',
    'Give --from-study-date (FROM_STUDY_DATE) and --to-study-date (TO_STUDY_DATE), or --days-to-compare (DAYS_TO_COMPARE).',
  );
}

interface CompareRequest extends Days {
  readonly options: ComparatorOptions;
  readonly context: RunContext;
  readonly sides: OpenSides;
}

async function compare({ options, context, sides, from, to }: CompareRequest): Promise<RunOutcome> {
  const { here, there } = sides;
  const subject = { here: here.name, there: there.name, attributes: options.attributes ?? [] };
  return await recordRun({ options, context, from, to, subject, version }, async (record) => {
    const comparison = comparisonOf(sides, options, record.tally);
    await runOnce({
      slices: there.slices,
      weigh: here.countOf,
      judge: (slice, range) => compareSlice({ comparison, slice, range, undated: record.undated }),
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
