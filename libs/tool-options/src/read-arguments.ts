import { toggleWords } from './choice-options.ts';
import { findFlag, flagsOf } from './find-flag.ts';
import type { FlagMeaning } from './find-flag.ts';
import type { GivenTexts, Way } from './given-texts.ts';
import type { OptionTable } from './option-entry.ts';
import { flagOf, nameOf } from './spellings.ts';

export interface Arguments {
  readonly given: ReadonlyMap<string, GivenTexts>;
  readonly positionals: readonly string[];
  readonly faults: readonly string[];
  /** Keys of options that were asked for in a way that has its fault already: misspelt, or without a value. */
  readonly meant: readonly string[];
  /** Keys of options that were given empty. */
  readonly emptied: readonly string[];
}

/**
 * Reads a command line by the table: every spelling, `--flag value`, `--flag=value`, bare switches and `--no-` forms.
 * The names are settled here, by the table; the words are taken apart by yargs.
 */
export async function readArguments(table: OptionTable, argv: readonly string[]): Promise<Arguments> {
  if (argv.length === 0) return { given: new Map(), positionals: [], faults: [], meant: [], emptied: [] };
  const { words, names, ...settled } = await settleNames(table, argv);
  const { Parser } = await import('yargs/helpers');
  const valued = [
    ...new Set(words.filter((word) => word.startsWith('--') && word !== '--').map((word) => flagIn(word))),
  ];
  const { argv: parsed, error } = Parser.detailed(words, {
    string: valued,
    configuration: parserConfiguration,
  });
  if (error !== null) throw error;
  const given = new Map<string, GivenTexts>();
  for (const key of Object.keys(table)) {
    const texts = textsOf(parsed[flagOf(key)]);
    const paths = textsOf(parsed[fileFlagOf(key)]);
    if (texts.length + paths.length === 0) continue;
    const ways: Way[] = [
      ...(texts.length > 0 ? ['value' as const] : []),
      ...(paths.length > 0 ? ['file' as const] : []),
    ];
    given.set(key, { texts: [...texts, ...paths], names: names.get(key) ?? [], ways });
  }
  return { given, positionals: [...parsed._, ...(parsed['--'] ?? [])].map(String), ...settled };
}

const parserConfiguration = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'populate--': true,
  'short-option-groups': false,
};

/** Cannot be typed by a user: no flag holds a colon. */
const fileFlagOf = (key: string) => `${flagOf(key)}:file`;

const flagIn = (word: string) => word.slice(2, word.indexOf('=') < 0 ? undefined : word.indexOf('='));

// The mark keeps yargs from taking quotes off a value: a password may begin and end with one.
const mark = '=';

function textsOf(parsed: unknown): string[] {
  const all: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return all
    .filter((one) => typeof one === 'string')
    .map((one) => (one.startsWith(mark) ? one.slice(mark.length) : one))
    .filter((one) => one !== '');
}

interface Settled {
  /** Each flag in one canonical spelling with its value attached. */
  readonly words: string[];
  /** By the key of the option, under which names it was given. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly faults: readonly string[];
  readonly meant: readonly string[];
  readonly emptied: readonly string[];
}

async function settleNames(table: OptionTable, argv: readonly string[]): Promise<Settled> {
  const flags = flagsOf(table);
  const words: string[] = [];
  const names = new Map<string, string[]>();
  const faults: string[] = [];
  const meant: string[] = [];
  const emptied: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word === '--') {
      words.push(...argv.slice(at));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      continue;
    }
    const meaning = await meaningOf(word, flags);
    if ('fault' in meaning) {
      faults.push(meaning.fault);
      meant.push(...meaning.meant);
      // Its value, if there is one, is no command.
      if (!word.includes('=') && isValue(argv[at + 1])) at += 1;
      continue;
    }
    const { value, takesNext } = valueOf(word, meaning, argv[at + 1]);
    if (takesNext) at += 1;
    const { key } = meaning;
    if (value === undefined) {
      faults.push(missingValue(meaning, argv[at + 1]));
      meant.push(key);
    } else if (value === '') emptied.push(key);
    else {
      words.push(`--${meaning.as === 'file' ? fileFlagOf(key) : flagOf(key)}=${mark}${value}`);
      names.set(key, [...(names.get(key) ?? []), `--${flagIn(word)}`]);
    }
  }
  return { words, names, faults, meant, emptied };
}

function meaningOf(word: string, flags: ReturnType<typeof flagsOf>): ReturnType<typeof findFlag> {
  if (word.startsWith('--')) return findFlag(flags, flagIn(word));
  // What follows one dash may be a password that begins with it: only its first letter is repeated.
  return Promise.resolve({
    fault: `"${word.slice(0, 2)}…" is not an option: options begin with two dashes.`,
    meant: [],
  });
}

/** Whether the word can be the value of the flag before it; one that begins with a dash is attached by "=". */
function isValue(word: string | undefined): word is string {
  return word !== undefined && (!word.startsWith('-') || /^-(\d.*)?$/.test(word));
}

function valueOf(
  word: string,
  { entry, as }: FlagMeaning,
  next: string | undefined,
): { value: string | undefined; takesNext: boolean } {
  const equals = word.indexOf('=');
  const attached = equals < 0 ? undefined : word.slice(equals + 1);
  if (as === 'negation') return { value: negated(attached), takesNext: false };
  if (attached !== undefined) return { value: attached, takesNext: false };
  if (entry.kind !== 'toggle')
    return isValue(next) ? { value: next, takesNext: true } : { value: entry.whenBare, takesNext: false };
  const isWord = next !== undefined && toggleWords.has(next.toLowerCase());
  return { value: isWord ? next : 'true', takesNext: isWord };
}

/** `--no-x` is false, `--no-x=false` is true; a word that is neither is left for the switch to refuse. */
function negated(attached: string | undefined): string {
  if (attached === undefined || attached === '') return 'false';
  const word = toggleWords.get(attached.toLowerCase());
  return word === undefined ? attached : String(!word);
}

function missingValue({ key, entry, as }: FlagMeaning, next: string | undefined): string {
  const flag = `--${flagOf(key)}${as === 'file' ? '-file' : ''}`;
  const hint =
    next?.startsWith('-') === true && next !== '--'
      ? ` A value that begins with a dash is written ${flag}=VALUE.`
      : '';
  return `${nameOf(key, entry)} needs a value.${hint}`;
}
