import { execFile } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const longestOutput = 64 * 1024 * 1024;

/** A program as a user has it: with this Node, and without what npm tells its scripts. */
export function runProgram(
  file: string,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = { PATH: path, HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'], ...more };
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, { cwd, env, maxBuffer: longestOutput }, (error, stdout, stderr) => {
      if (typeof error?.code === 'string') reject(error);
      else resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
    });
  });
}
