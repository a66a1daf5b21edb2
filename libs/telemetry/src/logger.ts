import { loggableFacts } from './loggable-facts.ts';
import type { Facts } from './loggable-facts.ts';
import { maskSecrets } from './mask-secrets.ts';
import { renderPretty } from './render-pretty.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof logLevels)[number];

/** `event` is a constant in the past tense, such as `instance.verified`; what changes from line to line is a fact. */
export interface Logger {
  debug(event: string, facts?: Facts): void;
  info(event: string, facts?: Facts): void;
  warn(event: string, facts?: Facts): void;
  error(event: string, facts?: Facts): void;
  /** A logger that adds these facts to each line; a fact given with the line wins. */
  child(facts: Facts): Logger;
}

export interface LoggerSettings {
  /** Lines below it are not made; `silent`: no line at all. */
  readonly level: LogLevel | 'silent';
  readonly format: 'json' | 'pretty';
  /** Gets each line with its line end; when left out, lines go to standard output before the call returns. */
  readonly write?: (line: string) => void;
  /** Secrets, such as passwords: no line shows them, whatever fact they are in. */
  readonly redact?: readonly string[];
  /** Colours, for `pretty` on a terminal. */
  readonly hasColour?: boolean;
  readonly now?: () => Date;
}

interface Destination {
  write(line: string): void;
}

function prettyInto(destination: Destination, hasColour: boolean): Destination {
  return {
    write(line) {
      destination.write(renderPretty(line, { hasColour }));
    },
  };
}

/**
 * One JSON object per line: `{ level, time, event, …facts }`; `pretty` shows the same to people.
 * Asynchronous because it loads its library only now: `--help` does without.
 */
export async function createLogger(settings: LoggerSettings): Promise<Logger> {
  // By its default export: the named one is lost when a bundler splits this CommonJS package off.
  const { default: pino } = await import('pino');
  const { level, format, write, hasColour = false, now = () => new Date() } = settings;
  // Synchronous: the last line before a crash is the one that matters.
  const target: Destination = write ? { write } : pino.destination({ dest: 1, sync: true });
  const lines = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    format === 'pretty' ? prettyInto(target, hasColour) : target,
  );
  const mask = maskSecrets(settings.redact ?? []);
  const over = (bound: Facts): Logger => {
    const at = (lineLevel: LogLevel) => (event: string, facts?: Facts) => {
      if (lines.isLevelEnabled(lineLevel))
        lines[lineLevel]({ event, ...loggableFacts({ ...bound, ...facts }, mask) });
    };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (facts) => over({ ...bound, ...facts }),
    };
  };
  return over({});
}
