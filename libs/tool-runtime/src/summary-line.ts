import { exitCodeMeanings, exitCodes } from '@orthanc-tools/failures';
import type { ExitCode } from '@orthanc-tools/failures';
import { inBytes, inDigits, inTime, inWords } from './wording.ts';

interface Ending {
  readonly command: string;
  readonly exitCode: ExitCode;
  readonly durationMs: number;
  readonly summary: Readonly<Record<string, string | number | boolean>>;
}

function told([key, value]: [string, string | number | boolean]): string {
  if (typeof value !== 'number') return `${inWords(key)}: ${String(value)}`;
  return /bytes$/i.test(key) ? `${inWords(key)}: ${inBytes(value)}` : `${inWords(key)}: ${inDigits(value)}`;
}

/** The last words of a run, for a person. */
export function summaryLine({ command, exitCode, durationMs, summary }: Ending): string {
  const meaning = exitCodeMeanings.find(({ code }) => code === exitCode)?.meaning ?? '';
  const ending = exitCode === exitCodes.done ? meaning : `${meaning} (exit code ${String(exitCode)})`;
  const facts = Object.entries(summary).map(told).join(', ');
  return `${command}: ${ending} ${inTime(durationMs)}${facts === '' ? '' : ` - ${facts}`}\n`;
}
