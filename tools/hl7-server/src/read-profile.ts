import { readFileSync } from 'node:fs';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { builtInProfiles } from './built-in-profiles.ts';
import { type Profile, type WrittenProfile, composeProfile } from './profile.ts';

const fault = (path: string, why: string, cause?: unknown): Error =>
  configurationError('PROFILE_INVALID', `${nameOf('profile')}: the profile "${path}" ${why}.`, { cause });

async function checked(path: string): Promise<WrittenProfile> {
  const { parseProfile } = await import('./parse-profile.ts');
  const written = parseProfile(textOf(path));
  if ('fault' in written) throw fault(path, written.fault);
  return written.profile;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    const known = Object.keys(builtInProfiles).join(', ');
    throw fault(path, `is none of ${known}, and no file that can be read (${code})`, cause);
  }
}

/**
 * A profile by its name, or from the file of a site.
 * @throws configuration `PROFILE_INVALID`
 */
export async function readProfile(named: string): Promise<Profile> {
  const standard = builtInProfiles['default'] ?? {};
  const own = builtInProfiles[named.toLowerCase()] ?? (await checked(named));
  const base = builtInProfiles[(own.extends ?? 'default').toLowerCase()];
  if (base === undefined) throw fault(named, `extends "${own.extends ?? ''}", which is no profile`);
  try {
    return composeProfile([standard, base, own]);
  } catch (cause) {
    throw fault(named, (cause as Error).message, cause);
  }
}
