import { Cron } from 'croner';
import type { Clock } from './clock.ts';

/** Moments at which something is to be done, for ever: times of every day, and cron expressions. */
export interface ExecutionTimes {
  /** The first moment after `at`; undefined when there is none (a cron expression for the 30th of February). */
  nextAfter(at: Date): Date | undefined;
  /** Ends at the first moment after `at` with that moment; with undefined when the signal is aborted. */
  untilNext(clock: Clock, signal: AbortSignal): Promise<Date | undefined>;
  /** For logs: `02:30:00 and "0 12 * * 1-5" (Europe/Berlin)`. */
  describe(): string;
}

interface Times {
  /** Cron expressions with seconds. */
  readonly patterns: readonly string[];
  /** As they are shown. */
  readonly names: readonly string[];
}

const timeOfDay = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** So long a timer is set at most: the clock may be put right while we wait. */
const longestSleepMs = 60_000;

/**
 * Reads `2:30`, `02:30:14`, several of these separated by commas, cron expressions of five or six fields, and several of
 * either separated by semicolons. Never throws: `fault` says what is wrong, as an option's `check` does.
 */
export function parseExecutionTimes(written: string): Times | { readonly fault: string } {
  const entries = written
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .flatMap((entry) => (/\s/.test(entry) && !/^[\d:,\s]+$/.test(entry) ? [entry] : entry.split(/\s*,\s*/)));
  if (entries.length === 0) return { fault: faultOf(written) };
  const [patterns, names]: [string[], string[]] = [[], []];
  for (const entry of entries) {
    const time = timeOfDay.exec(entry);
    const pattern = time === null ? entry : patternOf(time);
    if (pattern === undefined || (time === null && !isCron(entry))) return { fault: faultOf(entry) };
    patterns.push(pattern);
    names.push(time === null ? `"${entry}"` : nameOfTime(time));
  }
  return { patterns, names };
}

const faultOf = (entry: string): string =>
  `must be a time of day such as 2:30 or 23:30:14, several separated by commas, or a cron expression such as "0 2 * * 1-5" (several separated by semicolons), not "${entry}"`;

function patternOf([, hour, minute, second = '0']: RegExpExecArray): string | undefined {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  return h < 24 && m < 60 && s < 60 ? `${String(s)} ${String(m)} ${String(h)} * * *` : undefined;
}

const nameOfTime = ([, hour = '', minute = '', second = '00']: RegExpExecArray): string =>
  `${hour.padStart(2, '0')}:${minute}:${second}`;

function isCron(entry: string): boolean {
  if (![5, 6].includes(entry.split(/\s+/).length)) return false;
  try {
    new Cron(entry, { paused: true });
    return true;
  } catch {
    return false;
  }
}

/** @param written must have been accepted by `parseExecutionTimes` */
export function executionTimes(written: string, timeZone: string): ExecutionTimes {
  const times = parseExecutionTimes(written);
  if ('fault' in times) throw new TypeError(`these are no execution times: ${times.fault}`);
  const jobs = times.patterns.map((pattern) => new Cron(pattern, { paused: true, timezone: timeZone }));
  const nextAfter = (at: Date): Date | undefined => {
    const moments = jobs.flatMap((job) => job.nextRun(at) ?? []);
    return moments.toSorted((one, other) => one.getTime() - other.getTime())[0];
  };
  return {
    nextAfter,
    async untilNext(clock, signal) {
      const next = nextAfter(clock.now());
      while (!signal.aborted) {
        const leftMs = (next?.getTime() ?? Infinity) - clock.now().getTime();
        if (leftMs <= 0) return next;
        await clock.sleep(Math.min(leftMs, longestSleepMs), signal);
      }
      return undefined;
    },
    describe: () => `${times.names.join(' and ')} (${timeZone})`,
  };
}
