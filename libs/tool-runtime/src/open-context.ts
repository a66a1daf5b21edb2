import type { Logger } from '@orthanc-tools/telemetry';
import { createLogger, createMetrics, noMetrics, startMonitoringServer } from '@orthanc-tools/telemetry';
import { secretsIn } from '@orthanc-tools/tool-options';
import type { OptionsOf, Origin } from '@orthanc-tools/tool-options';
import { watchHealth } from './health.ts';
import type { WatchedHealth } from './health.ts';
import type { Pausing } from './pausing.ts';
import { progressOnTerminal } from './progress-line.ts';
import type { LiveProgress } from './progress-line.ts';
import { progressInLog } from './progress-log.ts';
import { stateFolderIn } from './state-folder.ts';
import type { CompleteSurroundings, OutputStream } from './surroundings.ts';
import type { RunContext, RuntimeTable, Tool } from './tool.ts';

export type RuntimeValues = OptionsOf<RuntimeTable>;

/** Whether a person reads the log, rather than a machine. */
export function isForPeople(values: RuntimeValues, stream: OutputStream): boolean {
  return values.logFormat === 'auto' ? stream.isTTY === true : values.logFormat === 'pretty';
}

export interface LogRequest {
  readonly tool: Tool;
  readonly values: RuntimeValues;
  readonly stream: OutputStream;
  readonly level?: 'warn' | undefined;
  readonly write?: (line: string) => void;
}

/** A logger by the options, that shows none of their secrets. */
export function loggerFor({ tool, values, stream, level, write }: LogRequest): Promise<Logger> {
  return createLogger({
    level: values.verboseEnabled ? 'debug' : (level ?? values.logLevel),
    format: isForPeople(values, stream) ? 'pretty' : 'json',
    hasColour: stream.isTTY === true,
    write: write ?? ((line) => void stream.write(line)),
    redact: secretsIn(tool.options, values),
  });
}

function isLiveTerminal(stream: OutputStream): stream is OutputStream & NodeJS.WritableStream {
  return stream.isTTY === true && 'on' in stream && 'clearLine' in stream;
}

export interface OpenedContext extends AsyncDisposable {
  readonly context: RunContext;
}

export interface ContextRequest {
  readonly tool: Tool;
  readonly values: RuntimeValues;
  readonly origins: Readonly<Record<string, Origin>>;
  readonly host: CompleteSurroundings;
  readonly signal: AbortSignal;
  readonly pausing: Pausing;
}

/** Opens what a run works with: log, metrics, their server, progress. */
export async function openContext(request: ContextRequest): Promise<OpenedContext> {
  const { tool, values, host, signal, pausing } = request;
  const { stderr, clock } = host;
  const live = isLiveTerminal(stderr) ? await progressOnTerminal(stderr, clock) : undefined;
  const log = await logBeside(live, request);
  const metrics = values.metricsPort === undefined ? noMetrics : await createMetrics(tool.name);
  const progress = live ?? progressInLog(log, clock);
  const health = watchHealth({ log, metrics, signal, note: (text) => progress.note(text) });
  const server = await openMonitoring(values, { log, metrics, health });
  return {
    context: { log, metrics, clock, signal, pausing, progress, health, stateFolder: stateFolderIn(host.env) },
    async [Symbol.asyncDispose]() {
      progress.stop();
      await server?.[Symbol.asyncDispose]();
    },
  };
}

function logBeside(
  live: LiveProgress | undefined,
  { tool, values, origins, host }: ContextRequest,
): Promise<Logger> {
  const { stdout } = host;
  const isAsked = values.logFormat !== 'auto' || origins['logLevel'] !== 'default';
  // On a terminal the live line tells what a line per item would drown.
  const level = live !== undefined && stdout.isTTY === true && !isAsked ? 'warn' : undefined;
  const write = (line: string) => {
    if (live === undefined) stdout.write(line);
    else live.aside(() => stdout.write(line));
  };
  return loggerFor({ tool, values, stream: stdout, level, write });
}

async function openMonitoring(
  values: RuntimeValues,
  { log, metrics, health }: Pick<RunContext, 'log' | 'metrics'> & { readonly health: WatchedHealth },
): Promise<AsyncDisposable | undefined> {
  if (values.metricsPort === undefined) return undefined;
  const server = await startMonitoringServer({
    port: values.metricsPort,
    host: values.metricsHost,
    metrics,
    isLive: health.isLive,
    isReady: health.isReady,
  });
  log.info('monitoring.started', { url: server.url });
  return server;
}
