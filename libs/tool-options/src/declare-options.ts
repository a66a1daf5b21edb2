import type { OptionEntry, OptionTable } from './option-entry.ts';
import { mayStandInFile, spellingsOf, variableOf } from './spellings.ts';

const declared = new WeakSet<OptionTable>();

// Set on nearly every machine, for other purposes than ours.
const variablesOfTheSystem: ReadonlySet<string> = new Set([
  'HOME',
  'HOST',
  'HOSTNAME',
  'LANG',
  'LOGNAME',
  'MAIL',
  'PATH',
  'PWD',
  'SHELL',
  'TERM',
  'TMP',
  'TMPDIR',
  'USER',
  'USERNAME',
]);

const runtimeFlags: ReadonlySet<string> = new Set(['help', 'version']);

function claimNames(names: Map<string, string>, key: string, entry: OptionEntry): void {
  const { flags, variables } = spellingsOf(key, entry);
  const extra = mayStandInFile(entry)
    ? { flags: flags.map((f) => `${f}-file`), variables: variables.map((v) => `${v}_FILE`) }
    : undefined;
  const negated = entry.kind === 'toggle' ? flags.map((flag) => `no-${flag}`) : [];
  const flagNames = [...flags, ...negated, ...(extra?.flags ?? [])].map((flag) => `--${flag}`);
  for (const name of [...flagNames, ...variables, ...(extra?.variables ?? [])]) {
    const owner = names.get(name);
    if (owner !== undefined) throw new TypeError(`${name} is claimed by the options ${owner} and ${key}`);
    names.set(name, key);
  }
}

function checkKey(key: string, entry: OptionEntry): void {
  if (!/^[a-z][a-z0-9]*([A-Z][a-z0-9]*)*$/.test(key))
    throw new TypeError(`the key "${key}" is not camelCase`);
  const { flags } = spellingsOf(key, entry);
  const taken = [key, ...entry.aliases].map(variableOf).find((name) => variablesOfTheSystem.has(name));
  if (taken !== undefined)
    throw new TypeError(`the option ${key} would read the system's variable ${taken}; use "flags" instead`);
  if (flags.some((flag) => runtimeFlags.has(flag)))
    throw new TypeError(`the option ${key} claims --help or --version`);
}

function checkConditions(table: OptionTable, key: string, entry: OptionEntry): void {
  const { requiredWhen, conflictsWith, idleWhen, idleUnless } = entry;
  for (const other of Object.keys({ ...requiredWhen, ...conflictsWith, ...idleWhen, ...idleUnless })) {
    if (!(other in table))
      throw new TypeError(`the option ${key} has a rule about ${other}, which is not declared`);
  }
}

/**
 * Declares a tool's options: flags, variables, file keys, validation, help and documentation all derive from this table.
 * Tables may be spread into others. Throws when two options share a name or a rule names an option that is not there.
 */
export function declareOptions<const Table extends OptionTable>(table: Table): Table {
  const names = new Map<string, string>();
  for (const [key, entry] of Object.entries(table)) {
    checkKey(key, entry);
    claimNames(names, key, entry);
    checkConditions(table, key, entry);
  }
  if (Object.values(table).filter(({ kind }) => kind === 'configFile').length > 1) {
    throw new TypeError('only one option can name the configuration file');
  }
  declared.add(table);
  return table;
}

/** Whether the value went through `declareOptions`. */
export function isDeclaredTable(value: unknown): value is OptionTable {
  return typeof value === 'object' && value !== null && declared.has(value as OptionTable);
}
