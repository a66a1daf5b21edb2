import process from 'node:process';
import { asFailure, configurationError, describeFailure, exitCodes } from '@orthanc-tools/failures';
import type { ExitCode } from '@orthanc-tools/failures';
import { effectiveOptions, resolveOptions } from '@orthanc-tools/tool-options';
import type { Origin } from '@orthanc-tools/tool-options';
import { checkOwnPlaces } from './check-outputs.ts';
import { unknownCommand } from './commands.ts';
import { listenForInterruption } from './interruption.ts';
import type { StoppingSignal } from './interruption.ts';
import type { RuntimeValues } from './open-context.ts';
import { isForPeople, openContext } from './open-context.ts';
import { type OlderOutput, findOlderOutputs, stillThere } from './older-outputs.ts';
import { listenForPausing, neverPaused } from './pausing.ts';
import { summaryLine } from './summary-line.ts';
import type { CompleteSurroundings } from './surroundings.ts';
import { tellFailure } from './tell-failure.ts';
import type { RunContext, RunOutcome, Tool } from './tool.ts';
import { checkReportPlace, writeReport } from './write-report.ts';

interface Started {
  readonly tool: Tool;
  readonly values: RuntimeValues;
  readonly host: CompleteSurroundings;
  readonly shown: Readonly<Record<string, { readonly value: string; readonly origin: Origin }>>;
  readonly startedAt: Date;
  readonly older: readonly OlderOutput[];
}

/** `run`: the tool's own work, from the options to the exit code. */
export const performRun = (tool: Tool, host: CompleteSurroundings): Promise<ExitCode> =>
  perform(tool, host, (values, context) => tool.run(values, context));

/** `plan`: the same, and nothing is changed. */
export const performPlan = (tool: Tool, host: CompleteSurroundings): Promise<ExitCode> =>
  perform(tool, host, (values, context) => (tool.plan ?? tool.run)(values, context));

async function perform(
  tool: Tool,
  host: CompleteSurroundings,
  work: (values: RuntimeValues, context: RunContext) => Promise<RunOutcome>,
): Promise<ExitCode> {
  const resolved = await resolveOptions(tool.options, host);
  const [stray] = resolved.positionals;
  if (stray !== undefined) throw configurationError('COMMAND_UNKNOWN', unknownCommand(tool, stray));
  const { values } = resolved;
  await checkOwnPlaces(tool, resolved, host);
  if (values.report !== undefined) await checkReportPlace(values.report);
  const shown = effectiveOptions(tool.options, resolved);
  const older = await findOlderOutputs(tool.options, values);
  const started: Started = { tool, values, host, shown, startedAt: host.clock.now(), older };
  const running: { context?: RunContext } = {};
  using interruption = interruptionFor(host, () => running.context);
  using pausing = pausingFor(host, () => running.context);
  await using opened = await openContext({
    tool,
    values,
    origins: resolved.origins,
    host,
    signal: interruption.signal,
    pausing,
  });
  const { context } = opened;
  running.context = context;
  const options = isForPeople(values, host.stdout) ? givenAmong(shown) : shown;
  context.log.info('run.started', { tool: tool.name, version: tool.version, options });
  for (const message of resolved.doubts) context.log.warn('option.doubted', { message });
  let outcome: RunOutcome;
  try {
    const reportSoFar = ({ exitCode, summary, report }: RunOutcome) =>
      leaveReport(started, { exitCode, summary, ...report });
    outcome = await work(values, { ...context, reportSoFar });
  } catch (error) {
    return await fail(started, context, error);
  }
  if (outcome.failure !== undefined) return await fail(started, context, outcome.failure, outcome);
  return await finish(started, context, outcome);
}

/** What a person asked for, without what would be so anyway. */
function givenAmong(shown: Started['shown']): Record<string, string> {
  const given = Object.entries(shown).filter(([, { origin }]) => origin !== 'default');
  return Object.fromEntries(given.map(([key, { value }]) => [key, value]));
}

function interruptionFor(host: CompleteSurroundings, context: () => RunContext | undefined) {
  if (host.signal !== undefined) return { signal: host.signal, [Symbol.dispose]: () => undefined };
  const onFirst = (signal: StoppingSignal) => {
    const consequence = 'finishes what is in hand; a second signal ends at once';
    context()?.log.info('run.interrupted', { signal, consequence });
    context()?.progress.note('stopping: finishing what is in hand');
  };
  return listenForInterruption({ source: process, nowMs: () => host.clock.now().getTime(), onFirst });
}

function pausingFor(host: CompleteSurroundings, context: () => RunContext | undefined) {
  if (host.signal !== undefined) return { ...neverPaused, [Symbol.dispose]: () => undefined };
  return listenForPausing(process, (isOn) => {
    context()?.log.info(isOn ? 'run.paused' : 'run.resumed', { signal: isOn ? 'SIGUSR2' : 'SIGCONT' });
  });
}

/** What was interrupted and drained says so, unless it has something worse to say. */
function exitCodeOf(outcome: RunOutcome, signal: AbortSignal): ExitCode {
  const isWorse = outcome.exitCode === exitCodes.defect || outcome.exitCode === exitCodes.configuration;
  return signal.aborted && !isWorse ? exitCodes.interrupted : outcome.exitCode;
}

async function finish(started: Started, context: RunContext, outcome: RunOutcome): Promise<ExitCode> {
  const { tool, host, values, startedAt } = started;
  const ownCode = exitCodeOf(outcome, context.signal);
  context.progress.stop();
  const isLeft = await leaveReport(started, {
    exitCode: ownCode,
    summary: outcome.summary,
    ...outcome.report,
  });
  const exitCode = isLeft ? ownCode : exitCodes.configuration;
  const durationMs = host.clock.now().getTime() - startedAt.getTime();
  if (isForPeople(values, host.stdout)) {
    const { command } = tool;
    const { summary, attention, done } = outcome;
    const ending = { command, namedBy: namedBy(started), exitCode, attention, done, durationMs, summary };
    host.stdout.write(summaryLine(ending));
  } else {
    context.log.info('run.finished', { exitCode, durationMs, ...outcome.summary });
  }
  return exitCode;
}

function namedBy({ tool, values }: Started): string | undefined {
  if (values.report !== undefined) return 'the report';
  return tool.work === undefined ? undefined : `"${tool.command} status" with the same options`;
}

async function fail(
  started: Started,
  context: RunContext,
  error: unknown,
  { summary, report }: Pick<RunOutcome, 'summary' | 'report'> = { summary: {} },
): Promise<ExitCode> {
  const { tool, host, values, startedAt } = started;
  context.progress.stop();
  if (context.signal.aborted && isAbort(error, context.signal)) {
    return finish(started, context, { exitCode: exitCodes.interrupted, summary, ...(report && { report }) });
  }
  const exitCode = tellFailure(error, tool.command, host.stderr);
  const failure = describeFailure(error);
  for (const { option, path } of await stillThere(started.older))
    context.log.warn('output.of_earlier_run', { option, path });
  if (!isForPeople(values, host.stdout)) {
    context.log.error('run.failed', { ...summary, exitCode, ...failure });
  } else if (Object.keys(summary).length > 0) {
    const durationMs = host.clock.now().getTime() - startedAt.getTime();
    const { command } = tool;
    host.stdout.write(summaryLine({ command, namedBy: namedBy(started), exitCode, durationMs, summary }));
  }
  await leaveReport(started, { exitCode, summary, ...report, failure });
  return exitCode;
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return (
    error === signal.reason ||
    (typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError')
  );
}

/** Tells by itself, and answers false, when the report cannot be written: that must not hide how the run ended. */
async function leaveReport(
  { tool, values, host, shown, startedAt }: Started,
  ending: object,
): Promise<boolean> {
  if (values.report === undefined) return true;
  const head = {
    tool: tool.name,
    version: tool.version,
    startedAt: startedAt.toISOString(),
    endedAt: host.clock.now().toISOString(),
    options: shown,
  };
  // The head comes first, and no field of the tool's own can take its place.
  try {
    await writeReport(values.report, { ...head, ...ending, ...head });
    return true;
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    tellFailure(error, tool.command, host.stderr);
    return false;
  }
}
