import { readFileSync } from 'node:fs';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import schema from '../profile.schema.json' with { type: 'json' };
import { builtInProfiles } from './built-in-profiles.ts';
import { type Profile, type WrittenProfile, composeProfile } from './profile.ts';

const fault = (path: string, why: string, cause?: unknown): Error =>
  configurationError('PROFILE_INVALID', `${nameOf('profile')}: the profile "${path}" ${why}.`, { cause });

async function parsed(path: string): Promise<unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    const known = Object.keys(builtInProfiles).join(', ');
    throw fault(path, `is none of ${known}, and no file that can be read (${code})`, cause);
  }
  const { parse } = await import('yaml');
  try {
    return parse(text);
  } catch (cause) {
    throw fault(path, `is neither YAML nor JSON: ${(cause as Error).message.split('\n')[0] ?? ''}`);
  }
}

async function checked(path: string): Promise<WrittenProfile> {
  const content = await parsed(path);
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const validate = new Ajv2020({ allErrors: true }).compile<WrittenProfile>(schema);
  if (validate(content)) return content;
  const faults = (validate.errors ?? []).map(({ instancePath, message = '', params }) => {
    const extra = 'additionalProperty' in params ? ` "${String(params['additionalProperty'])}"` : '';
    return `${instancePath === '' ? 'it' : instancePath} ${message}${extra}`;
  });
  throw fault(path, `is not as its schema says: ${faults.join('; ')}`);
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
