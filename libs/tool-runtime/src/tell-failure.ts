import { asFailure, describeFailure, exitCodes } from '@orthanc-tools/failures';
import type { ExitCode } from '@orthanc-tools/failures';
import type { OutputStream } from './surroundings.ts';

function plainly(command: string, error: unknown): string {
  const { code, message, causes } = describeFailure(error);
  const lines = message.split('\n');
  const isUsage = code === 'OPTIONS_INVALID' || code === 'COMMAND_UNKNOWN';
  const head =
    lines.length > 1 ? `${command}: ${String(lines.length)} settings are wrong:\n` : `${command}: `;
  const text = lines.length > 1 ? lines.map((line) => `  ${line}`).join('\n') : message;
  const named = isUsage ? '' : ` [${code}]`;
  const because = causes.filter((cause) => !message.includes(cause)).map((cause) => `\n  because: ${cause}`);
  const hint = code === 'OPTIONS_INVALID' ? `\n"${command} --help" explains every option.` : '';
  return `${head}${text}${named}${because.join('')}${hint}\n`;
}

function withStack(command: string, error: unknown): string {
  const { message, causes: chain } = describeFailure(error);
  const hasStack = typeof error === 'object' && error !== null && 'stack' in error;
  const stack = hasStack ? String(error.stack) : message;
  const causes = chain.map((cause) => `\n  because: ${cause}`);
  return `${command}: this is a defect of the tool, please report it.\n${stack}${causes.join('')}\n`;
}

/**
 * Tells a person why nothing more can be done, and answers the exit code.
 * A failure that somebody foresaw needs no stack; only a defect does.
 */
export function tellFailure(error: unknown, command: string, stderr: OutputStream): ExitCode {
  const isForeseen = asFailure(error) !== undefined;
  stderr.write(isForeseen ? plainly(command, error) : withStack(command, error));
  return isForeseen ? exitCodes.configuration : exitCodes.defect;
}
