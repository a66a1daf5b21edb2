import { setTimeout as delay } from 'node:timers/promises';

const orthanc = { name: 'Orthanc', readyLine: 'Orthanc has started' };
const patienceMs = 60_000;

/** A server, and what it says once it is ready. */
export interface AwaitedServer {
  readonly name: string;
  readonly readyLine: string;
}

/** What an Orthanc tells about its start in its log, which needs neither credentials nor TLS to be read. */
export interface LogSource {
  /** The log of this start only. */
  read(): Promise<string>;
  /** Whether the process has ended. */
  hasEnded(): boolean;
}

/** @throws Error with the end of the log when Orthanc ends, or is not ready within a minute */
export const untilStarted = (source: LogSource): Promise<string> => untilReady(source, orthanc);

/** @throws Error with the end of the log when the server ends, or is not ready within a minute */
export async function untilReady(source: LogSource, { name, readyLine }: AwaitedServer): Promise<string> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await delay(15)) {
    const ended = source.hasEnded();
    const log = await source.read();
    if (log.includes(readyLine)) return log;
    if (ended) throw new Error(`${name} ended while it was starting:\n${log.slice(-2000)}`);
  }
  throw new Error(
    `${name} did not start within ${String(patienceMs / 1000)} s:\n${(await source.read()).slice(-2000)}`,
  );
}

/** '1.13.0', or undefined when the log does not say. */
export function versionInLog(log: string): string | undefined {
  return /Orthanc version: (\d+\.\d+\.\d+)/.exec(log)?.[1];
}
