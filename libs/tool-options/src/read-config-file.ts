import { notFound } from './find-flag.ts';
import { reasonOf } from './gather-texts.ts';
import type { OptionTable } from './option-entry.ts';
import { wayOf } from './given-texts.ts';
import type { GivenTexts } from './given-texts.ts';
import { flagOfAnySpelling, mayStandInFile, nameOf, spellingsOf } from './spellings.ts';

export interface ConfigFileContent {
  readonly given: ReadonlyMap<string, GivenTexts>;
  readonly faults: readonly string[];
  /** Keys of options that were given, but under a name that is none. */
  readonly meant: readonly string[];
  /** Keys of options that were given empty. */
  readonly emptied: readonly string[];
}

export interface ConfigFile {
  /** The option that names the file. */
  readonly key: string;
  readonly path: string;
  readonly readTextFile: (path: string) => string;
}

/** Reads the configuration file (YAML, of which JSON is a part); keys in any spelling. Faults never repeat a value. */
export async function readConfigFile(table: OptionTable, file: ConfigFile): Promise<ConfigFileContent> {
  const name = `${nameOf(file.key, table[file.key])}: the file "${file.path}"`;
  const content = await contentOf(file);
  if ('fault' in content)
    return { given: new Map(), faults: [`${name} ${content.fault}.`], meant: [], emptied: [] };
  const keys = keysOf(table);
  const given = new Map<string, GivenTexts>();
  const faults: string[] = [];
  const meant: string[] = [];
  const emptied: string[] = [];
  for (const [written, value] of Object.entries(content.fields)) {
    const flag = flagOfAnySpelling(written);
    const meaning = keys.get(flag);
    if (meaning === undefined) {
      const refusal = `${name} holds "${written}", which is not an option.`;
      const unknown = await notFound({ name: written, refusal, dashes: '' }, keys);
      faults.push(unknown.fault);
      meant.push(...unknown.meant);
    } else if (given.has(meaning.key)) {
      faults.push(`${name} gives ${nameOf(meaning.key, table[meaning.key])} twice.`);
    } else if (isGiven(value)) {
      const texts = textsOf(value);
      given.set(meaning.key, { texts, names: texts.map(() => written), ways: [wayOf(meaning.isInFile)] });
    } else emptied.push(meaning.key);
  }
  return { given, faults, meant, emptied };
}

type Content = { readonly fields: object } | { readonly fault: string };

async function contentOf({ path, readTextFile }: ConfigFile): Promise<Content> {
  let text: string;
  try {
    text = readTextFile(path);
  } catch (error) {
    return { fault: `cannot be read${reasonOf(error)}` };
  }
  const { parseYaml } = await import('./parse-yaml.ts');
  const parsed = parseYaml(text);
  if ('fault' in parsed) return parsed;
  const { content: fields } = parsed;
  if (fields === null || fields === '') return { fields: {} };
  if (typeof fields === 'object' && !Array.isArray(fields)) return { fields };
  return { fault: 'must hold one option per line, such as "dest-url: http://orthanc-b:8042"' };
}

interface KeyMeaning {
  readonly key: string;
  readonly isInFile: boolean;
}

function keysOf(table: OptionTable): ReadonlyMap<string, KeyMeaning> {
  const keys = new Map<string, KeyMeaning>();
  for (const [key, entry] of Object.entries(table)) {
    if (entry.isFlagOnly || entry.kind === 'configFile') continue;
    for (const flag of spellingsOf(key, entry).flags) {
      keys.set(flag, { key, isInFile: false });
      if (mayStandInFile(entry)) keys.set(`${flag}-file`, { key, isInFile: true });
    }
  }
  return keys;
}

/** Empty means not given, as everywhere; YAML writes it as nothing, `~` or `null`. */
function isGiven(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  return typeof value !== 'string' || !['', '~', 'null'].includes(value);
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter(isGiven).map(textOf);
  return [textOf(value)];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
