import { exitCodes } from '@orthanc-tools/failures';
import { type Orthanc, type Statistics, connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import type { RunContext, RunOutcome } from '@orthanc-tools/tool-runtime';
import { throttleFromOptions, timetableFromOptions } from '../bandwidth/bandwidth-option.ts';
import { throttled } from '../bandwidth/throttled.ts';
import { type Amount, timeFor } from '../copy-rate.ts';
import { openFilter } from '../filters/open-filter.ts';
import { destinationIn, ledgerPlace } from '../ledger-place.ts';
import { decideMode } from '../open-carrier.ts';
import { findDestination, serversUnseen } from '../open-destination.ts';
import { openLanes } from '../open-lanes.ts';
import type { ClonerOptions } from '../options.ts';
import { serversOf } from '../remember-servers.ts';
import { statisticsIfAllowed } from '../statistics-if-allowed.ts';
import { type Before, openBefore } from './before.ts';
import { type Outlook, lookThrough } from './look-through.ts';
import { measureReading } from './measure-reading.ts';

interface Preview extends RunContext {
  readonly options: ClonerOptions;
  readonly source: Orthanc;
  /** Undefined where it cannot be asked. */
  readonly destination: Orthanc | undefined;
}

/** Counts what a run with these options would copy; changes nothing, neither at a server nor in a ledger. */
export async function previewClone(options: ClonerOptions, context: RunContext): Promise<RunOutcome> {
  const throttle = throttleFromOptions(options, context.clock);
  await using source = throttled(connectOrthanc(connectionFrom(options, 'source')), throttle);
  await using destination = await findDestination({ ...context, options, source, throttle });
  const preview: Preview = { ...context, options, source, destination };
  const mode = await probe(preview);
  const { hasExtendedFind: tellsSizes } = await source.system();
  const chosen = await openFilter(options, source);
  using before = await openBefore({
    path: ledgerPlace(options, context.stateFolder).path,
    servers: destination ? serversOf({ source, destination }) : serversUnseen(source, options),
    ...preview,
  });
  const held = await statisticsIfAllowed(source);
  const outlook = await lookThrough({ ...preview, before, filter: chosen?.filter, tellsSizes, held });
  const bytes = tellsSizes ? outlook.bytes : estimatedBytes(outlook, held);
  const expected = await expectTime({ ...outlook, bytes }, before, preview);
  return outcomeOf(outlook, { mode, bytes, areBytesTold: tellsSizes, expected, preview });
}

/** Asks both servers what they are, and how images would travel. */
async function probe({ options, source, destination, log, signal }: Preview): Promise<string> {
  if (destination === undefined) {
    log.warn('dry_run.destination_not_asked', {
      destination: destinationIn(options),
      consequence: 'what it holds already is counted too, unless the ledger has it',
    });
    return options.mode;
  }
  await openLanes(source, destination);
  const decided = await decideMode({ options, source, destination, log, signal });
  log.info('mode.chosen', { ...decided });
  return decided.mode;
}

/** By the mean size of all that the source holds. */
function estimatedBytes({ instances }: Outlook, held: Statistics | undefined): number | undefined {
  if (instances === 0) return 0;
  if (held === undefined || held.instances === 0) return undefined;
  return Math.round((instances * held.uncompressedSize) / held.instances);
}

interface Expected {
  readonly ms: number;
  readonly from: 'the last run' | 'a measured reading rate' | 'the limit of bandwidth';
}

/** The limit of bandwidth, where one is asked for and that takes longer. */
async function expectTime(
  amount: Amount & Pick<Outlook, 'sample'>,
  before: Before,
  preview: Preview,
): Promise<Expected | undefined> {
  const expected = await expectUnlimited(amount, before, preview);
  const timetable = timetableFromOptions(preview.options);
  if (timetable === undefined || amount.bytes === undefined) return expected;
  const now = preview.clock.now().getTime();
  const ms = Math.round(timetable.through(amount.bytes, now) - now);
  return ms > (expected?.ms ?? 0) ? { ms, from: 'the limit of bandwidth' } : expected;
}

/** By the last run, as that has stored too; else by reading some of what would be copied. */
async function expectUnlimited(
  amount: Amount & Pick<Outlook, 'sample'>,
  before: Before,
  { source, signal, progress }: Preview,
): Promise<Expected | undefined> {
  const known = before.rate && timeFor(amount, before.rate);
  if (known !== undefined) return { ms: Math.round(known), from: 'the last run' };
  if (amount.sample.length === 0 || signal.aborted) return undefined;
  progress.note('measuring how fast the source is read');
  const measured = timeFor(amount, await measureReading(source, amount.sample, signal));
  return measured === undefined ? undefined : { ms: Math.round(measured), from: 'a measured reading rate' };
}

interface Findings {
  readonly mode: string;
  /** Undefined where nobody can tell. */
  readonly bytes: number | undefined;
  readonly areBytesTold: boolean;
  readonly expected: Expected | undefined;
  readonly preview: Preview;
}

function outcomeOf(outlook: Outlook, findings: Findings): RunOutcome {
  const { mode, bytes, areBytesTold, expected, preview } = findings;
  const { lookedAt, studies, instances, alreadyThereInstances, provedStudies, setAsideStudies } = outlook;
  if (!areBytesTold && instances > 0)
    preview.log.warn('dry_run.sizes_not_told', {
      consequence:
        bytes === undefined
          ? 'the source tells neither sizes nor statistics: bytes are unknown'
          : 'the source is older than Orthanc 1.12.5: bytes are estimated by the mean of all that it holds',
    });
  const summary = {
    ...{ dryRun: true, mode, studies, instances, ...(bytes !== undefined && { bytes }) },
    ...(expected && { expectedTimeMs: expected.ms, expectedFrom: expected.from }),
    ...{ lookedAtStudies: lookedAt, alreadyThereInstances, provedStudies, setAsideStudies },
  };
  const bytesAre = bytes === undefined ? 'unknown' : areBytesTold ? 'told' : 'estimated';
  const isDestinationAsked = preview.destination !== undefined;
  const dryRun = { bytesAre, isDestinationAsked, expectedFrom: expected?.from ?? 'nothing' };
  const exitCode = preview.signal.aborted ? exitCodes.interrupted : exitCodes.done;
  return { exitCode, summary, report: { dryRun } };
}
