import { declareEntry, lastOf } from './declare-entry.ts';
import type { Demanded, OptionEntry, OptionSettings, Parsed, Present } from './option-entry.ts';

export interface ChoiceSettings<Value extends string> extends OptionSettings<Value> {
  /** Other words for a value, such as those of the Python tool. */
  readonly synonyms?: Readonly<Record<string, Value>>;
}

/** One of the values, read without regard to case. */
export function oneOf<const Value extends string, const Settings extends ChoiceSettings<Value>>(
  values: readonly Value[],
  settings: Settings,
): OptionEntry<Present<Settings, Value>, Demanded<Settings>> {
  const words = new Map<string, Value>(values.map((value) => [value.toLowerCase(), value]));
  for (const [word, value] of Object.entries(settings.synonyms ?? {})) words.set(word.toLowerCase(), value);
  const parse = (texts: readonly string[]): Parsed<Value> => {
    const given = lastOf(texts).trim();
    const value = words.get(given.toLowerCase());
    return value === undefined ? { fault: `must be ${anyOf(values)}, not "${given}"` } : { value };
  };
  const permitted = `one of ${values.join(', ')}`;
  return declareEntry<Value, Value, Settings>(
    { kind: 'oneOf', placeholder: 'WORD', permitted, parse, format: String },
    settings,
  );
}

function anyOf(values: readonly string[]): string {
  return values.length > 1
    ? `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`
    : (values[0] ?? '');
}

/** The words that mean yes or no, in lower case. */
export const toggleWords: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

function parseToggle(texts: readonly string[]): Parsed<boolean> {
  const given = lastOf(texts).trim();
  const value = toggleWords.get(given.toLowerCase());
  return value === undefined
    ? { fault: `must be true or false (or yes, no, on, off, 1, 0), not "${given}"` }
    : { value };
}

/** Yes or no; no unless the settings say otherwise. */
export function toggle<const Settings extends OptionSettings<boolean>>(
  settings: Settings,
): OptionEntry<boolean, false> {
  return declareEntry<boolean, boolean, Settings & { readonly default: boolean }>(
    { kind: 'toggle', placeholder: 'true|false', parse: parseToggle, format: String },
    { ...settings, default: settings.default ?? false },
  );
}
