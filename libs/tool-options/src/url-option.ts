import { declareEntry, lastOf } from './declare-entry.ts';
import type { Demanded, OptionEntry, OptionSettings, Parsed, Present } from './option-entry.ts';

export interface UrlSettings extends OptionSettings<string> {
  /** Permitted schemes, without colon; `http` and `https` when left out. */
  readonly schemes?: readonly string[];
  /** How a user gives name and password instead, such as "--dest-user and --dest-pwd". */
  readonly credentialsThrough?: string;
  /** For proxies, whose conventional variables hold them: accepted, and masked wherever the value is shown. */
  readonly mayHoldCredentials?: boolean;
}

function hasCredentials(url: URL): boolean {
  return url.username !== '' || url.password !== '';
}

function faultOf(given: string, settings: UrlSettings): string | undefined {
  const schemes = settings.schemes ?? ['http', 'https'];
  // Whatever holds an @ may be a password with a typing error around it.
  const shown = given.includes('@') ? '' : `, not "${given}"`;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const scheme = url?.protocol.slice(0, -1) ?? '';
  if (url === undefined || url.host === '' || !schemes.includes(scheme)) {
    const starts = schemes.map((name) => `${name}://`).join(' or ');
    return `must be an address that starts with ${starts}${shown}`;
  }
  if (hasCredentials(url) && settings.mayHoldCredentials !== true) {
    const through = settings.credentialsThrough ?? 'the options for user and password';
    return `must not hold a user name or a password; give them through ${through}`;
  }
  return url.search !== '' || url.hash !== '' ? `must not hold a "?" or "#"${shown}` : undefined;
}

function normalised(given: string): string {
  const { href } = new URL(given);
  return href.endsWith('/') ? href : `${href}/`;
}

function masked(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !hasCredentials(url)) return value;
  return value.replace(/\/\/.*@/, '//***@');
}

/** An http or https address; its value always ends with a slash. */
export function url<const Settings extends UrlSettings>(
  settings: Settings,
): OptionEntry<Present<Settings, string>, Demanded<Settings>> {
  const parse = (texts: readonly string[]): Parsed<string> => {
    const given = lastOf(texts).trim();
    const fault = faultOf(given, settings);
    return fault === undefined ? { value: normalised(given) } : { fault };
  };
  return declareEntry<string, string, Settings>(
    { kind: 'url', placeholder: 'URL', parse, format: masked, readDefault: normalised },
    settings,
  );
}
