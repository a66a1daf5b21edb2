import { configurationError } from '@orthanc-tools/failures';
import { checkRules, emptyGuard } from './check-rules.ts';
import type { GivenOptions, OptionEntry, OptionTable, OptionsOf } from './option-entry.ts';
import type { Origin } from './resolve-options.ts';

// What a script gives goes through the same reader as what a user types, so that both meet the same limits.
function textsOf(entry: OptionEntry, given: unknown): readonly string[] {
  if (Array.isArray(given)) return given.map(String);
  if (typeof given === 'object') return [JSON.stringify(given)];
  return [typeof given === 'number' && entry.kind === 'duration' ? `${String(given)}ms` : String(given)];
}

function valueOf(key: string, entry: OptionEntry, given: unknown, faults: string[]): unknown {
  if (entry.guards && given === '') {
    faults.push(`${key} ${emptyGuard}.`);
    return undefined;
  }
  const parsed = entry.parse(textsOf(entry, given));
  const fault = 'fault' in parsed ? parsed.fault : entry.check(parsed.value);
  if (fault === undefined && 'value' in parsed) return parsed.value;
  faults.push(`${key} ${fault ?? ''}.`);
  return undefined;
}

/**
 * The options of a script's call, complete with defaults; no variable and no file is read.
 * @throws one configuration failure `OPTIONS_INVALID` that lists every fault, each naming the key
 */
export function completeOptions<Table extends OptionTable>(
  table: Table,
  given: GivenOptions<Table>,
): OptionsOf<Table> {
  const words: Readonly<Record<string, unknown>> = given;
  const faults = Object.keys(words)
    .filter((key) => !Object.hasOwn(table, key))
    .map((key) => `"${key}" is not an option.`);
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const [key, entry] of Object.entries(table)) {
    const word = words[key];
    origins[key] = word === undefined ? 'default' : 'flag';
    values[key] = word === undefined ? entry.default : valueOf(key, entry, word, faults);
  }
  faults.push(...checkRules(table, { values, origins, demandsRequired: true, nameOf: (key) => key }));
  if (faults.length > 0) throw configurationError('OPTIONS_INVALID', faults.join('\n'));
  // Each value was made by its entry's parser, its default, or the caller whom the types bind.
  return values as OptionsOf<Table>;
}
