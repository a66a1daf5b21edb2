import { type Failure, configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { rulesOption } from './rules-option.ts';

/** How the rules file is called where something is wrong with it. */
export const nameOfFile = (path: string): string => `${nameOf(rulesOption)}: the file "${path}"`;

/** What a file system says of a file that it does not let be read, or does not have. */
export function unreadable(path: string, cause: unknown): Failure {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
  return configurationError('OPTIONS_INVALID', `${nameOfFile(path)} cannot be read: ${code}.`, { cause });
}
