import type { OptionEntry, OptionTable } from './option-entry.ts';
import { flagOf, mayStandInFile, spellingsOf, variableOf } from './spellings.ts';

/** What help and documentation show of one option. */
export interface OptionRow {
  readonly key: string;
  readonly entry: OptionEntry;
  /** With dashes, without its value; others that are flags only stand behind it. */
  readonly flags: readonly string[];
  readonly variables: readonly string[];
  readonly default: string | undefined;
}

/** The options to show, by group, in the order of their declaration. */
export function groupedRows(table: OptionTable): ReadonlyMap<string, readonly OptionRow[]> {
  const rows = Object.entries(table)
    .filter(([, { isHidden }]) => !isHidden)
    .map(([key, entry]) => rowOf(key, entry));
  return Map.groupBy(rows, ({ entry }) => entry.group);
}

function rowOf(key: string, entry: OptionEntry): OptionRow {
  // A switch is off unless told: that needs no words.
  const isPlainSwitch = entry.kind === 'toggle' && entry.default === false;
  const own = entry.isFlagOnly ? [] : [variableOf(key)];
  // Aliases serve those who come from elsewhere and are not shown; extra variables such as TZ are part of the promise.
  const extra = entry.isFlagOnly
    ? []
    : spellingsOf(key, entry).variables.filter((name) => entry.variables.includes(name));
  return {
    key,
    entry,
    flags: [key, ...entry.flags].map((name) => `--${flagOf(name)}`),
    variables: [...own, ...(mayStandInFile(entry) ? own.map((name) => `${name}_FILE`) : []), ...extra],
    default: entry.hasDefault && !isPlainSwitch ? entry.format(entry.default) : undefined,
  };
}

/** When the option must be there, in words; `undefined`: never. */
export function demandOf({ entry }: OptionRow): string | undefined {
  if (entry.isRequired) return 'required';
  if (entry.requiredWhen === undefined) return undefined;
  const conditions = Object.entries(entry.requiredWhen).map(([key, rule]) =>
    rule === 'set' ? `--${flagOf(key)}` : `--${flagOf(key)} ${rule.map(String).join(' or ')}`,
  );
  return `required with ${conditions.join(' and ')}`;
}
