import { spawnSync } from 'node:child_process';

export interface Complaints {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

const isThere = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;

/** Debian's packages dicom3tools and dcmtk, which know nothing of this project. */
export const hasValidators = ['dciodvfy', 'dcmftest', 'dsrdump'].every(isThere);

/** What dciodvfy says of a file against the IOD that it claims to be. */
export function complaintsAbout(path: string): Complaints {
  const { stderr } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
  const lines = stderr.split('\n');
  return {
    errors: lines.filter((line) => line.startsWith('Error')),
    warnings: lines.filter((line) => line.startsWith('Warning')),
  };
}

/** Those that dcmftest does not take for files of DICOM Part 10. */
export function notPart10(paths: readonly string[]): string[] {
  const { stdout } = spawnSync('dcmftest', [...paths], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.startsWith('no:'));
}

/** What dsrdump cannot read as a structured report. */
export function brokenReports(paths: readonly string[]): string[] {
  return paths.filter((path) => spawnSync('dsrdump', ['--quiet', path]).status !== 0);
}
