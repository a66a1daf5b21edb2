// Apart from what uses it, so that only a site's own profile pays for loading the packages. They are CommonJS: bundled,
// they have names only for who imports them statically.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import schema from '../profile.schema.json' with { type: 'json' };
import type { WrittenProfile } from './profile.ts';

/** Reads YAML, of which JSON is a part, and holds it to its schema. */
export function parseProfile(
  text: string,
): { readonly profile: WrittenProfile } | { readonly fault: string } {
  let content: unknown;
  try {
    content = parse(text);
  } catch (cause) {
    return { fault: `is neither YAML nor JSON: ${(cause as Error).message.split('\n')[0] ?? ''}` };
  }
  const validate = new Ajv2020({ allErrors: true }).compile<WrittenProfile>(schema);
  if (validate(content)) return { profile: content };
  const faults = (validate.errors ?? []).map(({ instancePath, message = '', params }) => {
    const extra = 'additionalProperty' in params ? ` "${String(params['additionalProperty'])}"` : '';
    return `${instancePath === '' ? 'it' : instancePath} ${message}${extra}`;
  });
  return { fault: `is not as its schema says: ${faults.join('; ')}` };
}
