import { exitCodeMeanings, exitCodes } from '@orthanc-tools/failures';
import type { ExitCode } from '@orthanc-tools/failures';
import { inBytes, inDigits, inTime, inWords } from './wording.ts';

interface Ending {
  readonly command: string;
  /** What names the items that were set aside; nothing does for a tool without a record of work and without a report. */
  readonly namedBy: string | undefined;
  readonly exitCode: ExitCode;
  /** In place of the usual words for exit code 3. */
  readonly attention?: string | undefined;
  /** In place of those for exit code 0. */
  readonly done?: string | undefined;
  readonly durationMs: number;
  readonly summary: Readonly<Record<string, string | number | boolean>>;
}

function told([key, value]: [string, string | number | boolean]): string {
  if (typeof value !== 'number') return `${inWords(key)}: ${String(value)}`;
  if (key.endsWith('Ms')) return `${inWords(key.slice(0, -2))}: ${inTime(value)}`;
  return /bytes$/i.test(key) ? `${inWords(key)}: ${inBytes(value)}` : `${inWords(key)}: ${inDigits(value)}`;
}

function meaningOf({ exitCode, namedBy, attention, done }: Omit<Ending, 'durationMs' | 'summary'>): string {
  const general = exitCodeMeanings.find(({ code }) => code === exitCode)?.meaning ?? '';
  if (exitCode === exitCodes.done) return done ?? general;
  if (exitCode !== exitCodes.setAside) return general;
  if (attention !== undefined) return attention;
  return namedBy === undefined ? general : general.replace(/\.$/, `; ${namedBy} names them.`);
}

/** The last words of a run, for a person. */
export function summaryLine({ durationMs, summary, ...ended }: Ending): string {
  const { command, exitCode } = ended;
  const meaning = meaningOf(ended);
  const ending = exitCode === exitCodes.done ? meaning : `${meaning} (exit code ${String(exitCode)})`;
  // What did not happen needs no words.
  const facts = Object.entries(summary)
    .filter(([, value]) => value !== 0)
    .map(told)
    .join(', ');
  return `${command}: ${ending} ${inTime(durationMs)}${facts === '' ? '' : ` - ${facts}`}\n`;
}
