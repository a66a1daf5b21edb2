import { contradictionIn } from './given-texts.ts';
import type { GivenTexts } from './given-texts.ts';
import type { OptionEntry, OptionTable } from './option-entry.ts';
import { readArguments } from './read-arguments.ts';
import { readConfigFile } from './read-config-file.ts';
import type { Origin, OptionSources } from './resolve-options.ts';
import { mayStandInFile, nameOf, spellingsOf } from './spellings.ts';

export interface Found {
  readonly texts: readonly string[];
  readonly origin: Exclude<Origin, 'default'>;
}

export interface Gathered {
  readonly found: ReadonlyMap<string, Found>;
  readonly positionals: readonly string[];
  readonly faults: string[];
  /** Keys of options that were meant, although they have no value: told as a fault already, or given empty where that will do. */
  readonly notMissed: ReadonlySet<string>;
  /** Keys of options that narrow the work and were given empty: a script whose variable is not set would work on everything. */
  readonly emptyFilters: { readonly byFlag: readonly string[]; readonly otherwise: readonly string[] };
  /** Keys of options that guard the work and were given empty, wherever: a script whose variable is not set would do without. */
  readonly emptyGuards: readonly string[];
}

type Sources = Required<Pick<OptionSources, 'argv' | 'env' | 'readTextFile'>>;

/** Finds the text of each option in the source that takes precedence. */
export async function gatherTexts(
  table: OptionTable,
  { argv, env, readTextFile }: Sources,
): Promise<Gathered> {
  const line = await readArguments(table, argv);
  const faults = [...line.faults];
  const { given: variables, emptied: emptyVariables } = readVariables(table, env);
  const configKey = Object.entries(table).find(([, { kind }]) => kind === 'configFile')?.[0];
  const path =
    configKey === undefined
      ? undefined
      : (line.given.get(configKey) ?? variables.get(configKey))?.texts.at(-1);
  const file =
    configKey === undefined || path === undefined
      ? undefined
      : await readConfigFile(table, { key: configKey, path, readTextFile });
  faults.push(...(file?.faults ?? []));
  const found = new Map<string, Found>();
  const unread: string[] = [];
  for (const [key, entry] of Object.entries(table)) {
    const sources = { flag: line.given.get(key), variable: variables.get(key), file: file?.given.get(key) };
    const origin = (['flag', 'variable', 'file'] as const).find((name) => sources[name] !== undefined);
    const given = origin === undefined ? undefined : sources[origin];
    if (origin === undefined || given === undefined) continue;
    const contradiction = contradictionIn(entry, given);
    if (contradiction !== undefined) faults.push(`${nameOf(key, entry)} ${contradiction}.`);
    const read = given.ways.includes('file')
      ? readSecret({ key, entry, path: given.texts.at(-1) ?? '', by: given.names.at(-1) ?? '', readTextFile })
      : given;
    if ('fault' in read) {
      faults.push(read.fault);
      unread.push(key);
    }
    found.set(key, { texts: 'texts' in read ? read.texts : [], origin });
  }
  const emptied = [...line.emptied, ...emptyVariables, ...(file?.emptied ?? [])];
  const notMissed = new Set([
    ...line.meant,
    ...unread,
    ...(file?.meant ?? []),
    ...emptied.filter((key) => table[key]?.mayBeEmpty === true),
  ]);
  const narrowing = (keys: readonly string[]) =>
    [...new Set(keys)].filter((key) => table[key]?.narrows === true && !found.has(key));
  const emptyFlags = narrowing(line.emptied);
  const emptyFilters = {
    byFlag: emptyFlags,
    otherwise: narrowing(emptied).filter((key) => !emptyFlags.includes(key)),
  };
  const emptyGuards = [...new Set(emptied)].filter((key) => table[key]?.guards === true && !found.has(key));
  return {
    found: withoutUnread(found),
    positionals: line.positionals,
    faults,
    notMissed,
    emptyFilters,
    emptyGuards,
  };
}

// An option whose file could not be read has its fault; it must not be parsed as if it were empty.
function withoutUnread(found: ReadonlyMap<string, Found>): ReadonlyMap<string, Found> {
  return new Map([...found].filter(([, { texts }]) => texts.length > 0));
}

interface GivenVariables {
  readonly given: Map<string, GivenTexts>;
  readonly emptied: readonly string[];
}

function readVariables(table: OptionTable, env: Sources['env']): GivenVariables {
  const given = new Map<string, GivenTexts>();
  const emptied: string[] = [];
  for (const [key, entry] of Object.entries(table)) {
    const texts = variablesOf(key, entry, env);
    if (texts !== undefined) given.set(key, texts);
    else if (spellingsOf(key, entry).variables.some((name) => env[name] === '')) emptied.push(key);
  }
  return { given, emptied };
}

function variablesOf(key: string, entry: OptionEntry, env: Sources['env']): GivenTexts | undefined {
  const isThere = (name: string) => env[name] !== undefined && env[name] !== '';
  const { variables } = spellingsOf(key, entry);
  const ours = variables.filter((name) => !entry.variables.includes(name));
  const values = ours.filter(isThere);
  const paths = mayStandInFile(entry) ? ours.map((name) => `${name}_FILE`).filter(isThere) : [];
  // Such as TZ, which is there for others too: no contradiction to the option's own.
  const names =
    values.length + paths.length > 0 ? [...values, ...paths] : entry.variables.filter(isThere).slice(0, 1);
  if (names.length === 0) return undefined;
  return {
    texts: names.map((name) => env[name] ?? ''),
    names,
    ways: [
      ...(names.length > paths.length ? ['value' as const] : []),
      ...(paths.length > 0 ? ['file' as const] : []),
    ],
  };
}

interface SecretFile {
  readonly key: string;
  readonly entry: OptionEntry;
  readonly path: string;
  /** What names the file, as it was written. */
  readonly by: string;
  readonly readTextFile: (path: string) => string;
}

function readSecret({
  key,
  entry,
  path,
  by,
  readTextFile,
}: SecretFile): { texts: string[] } | { fault: string } {
  const file = `${nameOf(key, entry)}: the file "${path}" that ${by} names`;
  try {
    const text = readTextFile(path).replace(/\r?\n$/, '');
    return text === '' ? { fault: `${file} is empty.` } : { texts: [text] };
  } catch (error) {
    return { fault: `${file} cannot be read${reasonOf(error)}.` };
  }
}

/** Why a file could not be read, without repeating anything of it: `: ENOENT`. */
export function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? `: ${code}` : '';
}
