import { declareEntry } from './declare-entry.ts';
import type { Demanded, OptionEntry, OptionSettings, Parsed, Present } from './option-entry.ts';

type ListSettings = OptionSettings<readonly string[]>;
type HeaderSettings = OptionSettings<Readonly<Record<string, string>>>;

/** Texts separated by commas; a flag given several times adds to the list. */
export function textList<const Settings extends ListSettings>(
  settings: Settings,
): OptionEntry<Present<Settings, readonly string[]>, Demanded<Settings>> {
  const parse = (texts: readonly string[]): Parsed<readonly string[]> => ({
    value: texts
      .flatMap((one) => one.split(','))
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  });
  return declareEntry<readonly string[], readonly string[], Settings>(
    { kind: 'textList', placeholder: 'A,B', parse, format: (value) => value.join(',') },
    settings,
  );
}

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function linesOf(given: string): [name: string, value: string][] | undefined {
  if (given.trimStart().startsWith('{')) return pairsOfJson(given);
  const lines = given.split(/\r?\n/).filter((line) => line.trim() !== '');
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return colon < 0 ? ['', ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  return pairs;
}

function pairsOfJson(given: string): [string, string][] | undefined {
  try {
    const value: unknown = JSON.parse(given);
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.entries(value).map(([name, content]) => [
      name,
      typeof content === 'string' ? content : '\0',
    ]);
  } catch {
    return undefined;
  }
}

function isHeader([name, value]: readonly [string, string]): boolean {
  // A line end or a NUL inside a value would let one header smuggle in another.
  return headerName.test(name) && !/[\r\n\0]/.test(value);
}

function parseHeaders(texts: readonly string[]): Parsed<Readonly<Record<string, string>>> {
  const pairs = texts.map(linesOf);
  if (pairs.every((lines) => lines?.every(isHeader))) {
    return { value: Object.fromEntries(pairs.flatMap((lines) => lines ?? [])) };
  }
  return {
    fault:
      'must be lines of "Name: value" (or a JSON object of texts); what was given is not shown, as it may be a secret',
  };
}

/**
 * HTTP headers: lines of "Name: value", a JSON object, or the flag given several times.
 * Their values are as secret as a password: shown nowhere, and read from a file as `secret` is.
 */
export function headerList<const Settings extends HeaderSettings>(
  settings: Settings,
): OptionEntry<Present<Settings, Readonly<Record<string, string>>>, Demanded<Settings>> {
  const format = (value: Readonly<Record<string, string>>): string =>
    Object.keys(value)
      .map((name) => `${name}: ***`)
      .join(', ');
  return declareEntry<Readonly<Record<string, string>>, Readonly<Record<string, string>>, Settings>(
    { kind: 'headerList', placeholder: '"NAME: VALUE"', parse: parseHeaders, format },
    settings,
  );
}
