import type { OptionEntry } from './option-entry.ts';

/** `destUrl` → `dest-url` */
export function flagOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `destUrl` → `DEST_URL` */
export function variableOf(key: string): string {
  return flagOf(key).replaceAll('-', '_').toUpperCase();
}

/** `dest_url`, `dest-url`, `DEST_URL` or `destUrl` → `dest-url` */
export function flagOfAnySpelling(name: string): string {
  const isUpperCase = name === name.toUpperCase();
  return flagOf(isUpperCase ? name.toLowerCase() : name).replaceAll('_', '-');
}

/** Kinds whose value may also stand in a file of its own. */
export function mayStandInFile(entry: OptionEntry): boolean {
  return entry.kind === 'secret' || entry.kind === 'headerList';
}

export interface Spellings {
  /** Without dashes, the one that is shown first. */
  readonly flags: readonly string[];
  /** None for what is given as a flag only. */
  readonly variables: readonly string[];
}

/** All names of one option, the shown one first. */
export function spellingsOf(key: string, entry: OptionEntry): Spellings {
  const keys = [key, ...entry.aliases];
  return {
    flags: [...keys, ...entry.flags].map(flagOf),
    variables: entry.isFlagOnly ? [] : [...keys.map(variableOf), ...entry.variables],
  };
}

/** How faults and help name an option: `--dest-url (DEST_URL)`, or the flag alone where there is no variable. */
export function nameOf(key: string, entry?: OptionEntry): string {
  return entry?.isFlagOnly === true ? `--${flagOf(key)}` : `--${flagOf(key)} (${variableOf(key)})`;
}
