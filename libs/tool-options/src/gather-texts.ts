import type { OptionEntry, OptionTable } from './option-entry.ts';
import { readArguments } from './read-arguments.ts';
import type { GivenTexts } from './read-arguments.ts';
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
}

type Sources = Required<Pick<OptionSources, 'argv' | 'env' | 'readTextFile'>>;

/** Finds the text of each option in the source that takes precedence. */
export async function gatherTexts(
  table: OptionTable,
  { argv, env, readTextFile }: Sources,
): Promise<Gathered> {
  const line = await readArguments(table, argv);
  const faults = [...line.faults];
  const variables = readVariables(table, env);
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
  for (const [key, entry] of Object.entries(table)) {
    const sources = { flag: line.given.get(key), variable: variables.get(key), file: file?.given.get(key) };
    const origin = (['flag', 'variable', 'file'] as const).find((name) => sources[name] !== undefined);
    const given = origin === undefined ? undefined : sources[origin];
    if (origin === undefined || given === undefined) continue;
    const read = given.isInFile
      ? readSecret({ key, entry, path: given.texts.at(-1) ?? '', readTextFile })
      : given;
    if ('fault' in read) faults.push(read.fault);
    found.set(key, { texts: 'texts' in read ? read.texts : [], origin });
  }
  return { found: withoutUnread(found), positionals: line.positionals, faults };
}

// An option whose file could not be read has its fault; it must not be parsed as if it were empty.
function withoutUnread(found: ReadonlyMap<string, Found>): ReadonlyMap<string, Found> {
  return new Map([...found].filter(([, { texts }]) => texts.length > 0));
}

function readVariables(table: OptionTable, env: Sources['env']): Map<string, GivenTexts> {
  const given = new Map<string, GivenTexts>();
  for (const [key, entry] of Object.entries(table)) {
    const inFile = mayStandInFile(entry);
    const candidates = spellingsOf(key, entry).variables.flatMap((name) => [
      { value: env[name], isInFile: false },
      ...(inFile ? [{ value: env[`${name}_FILE`], isInFile: true }] : []),
    ]);
    const first = candidates.find(({ value }) => value !== undefined && value !== '');
    if (first?.value !== undefined) given.set(key, { texts: [first.value], isInFile: first.isInFile });
  }
  return given;
}

interface SecretFile {
  readonly key: string;
  readonly entry: OptionEntry;
  readonly path: string;
  readonly readTextFile: (path: string) => string;
}

function readSecret({ key, entry, path, readTextFile }: SecretFile): { texts: string[] } | { fault: string } {
  const name = nameOf(key, entry);
  try {
    const text = readTextFile(path).replace(/\r?\n$/, '');
    return text === '' ? { fault: `${name}: the file "${path}" is empty.` } : { texts: [text] };
  } catch (error) {
    return { fault: `${name}: the file "${path}" cannot be read${reasonOf(error)}.` };
  }
}

/** Why a file could not be read, without repeating anything of it: `: ENOENT`. */
export function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? `: ${code}` : '';
}
