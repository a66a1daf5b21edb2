import type { OptionEntry, OptionTable } from './option-entry.ts';
import { flagOfAnySpelling, mayStandInFile, spellingsOf } from './spellings.ts';

/** What a flag of the command line stands for. */
export interface FlagMeaning {
  readonly key: string;
  readonly entry: OptionEntry;
  readonly as: 'value' | 'file' | 'negation';
}

/** All flags of a table, in kebab-case without dashes. */
export function flagsOf(table: OptionTable): ReadonlyMap<string, FlagMeaning> {
  const flags = new Map<string, FlagMeaning>();
  for (const [key, entry] of Object.entries(table)) {
    for (const flag of spellingsOf(key, entry).flags) {
      flags.set(flag, { key, entry, as: 'value' });
      if (entry.kind === 'toggle') flags.set(`no-${flag}`, { key, entry, as: 'negation' });
      if (mayStandInFile(entry)) flags.set(`${flag}-file`, { key, entry, as: 'file' });
    }
  }
  return flags;
}

/** A name that is no flag; `meant` are the keys of the options that it may have been. */
export interface NoFlag {
  readonly fault: string;
  readonly meant: readonly string[];
}

/** Finds a flag by its name in any spelling, or by an unambiguous beginning as Python's argparse accepts. */
export async function findFlag(
  flags: ReadonlyMap<string, FlagMeaning>,
  name: string,
): Promise<FlagMeaning | NoFlag> {
  const flag = name.replaceAll('_', '-');
  const exact = flags.get(flag);
  if (exact !== undefined) return exact;
  const longer = [...flags].filter(
    ([other, { as }]) => as === 'value' && flag !== '' && other.startsWith(flag),
  );
  const only = longer[0]?.[1];
  if (only !== undefined && longer.every(([, { key }]) => key === only.key)) return only;
  if (only !== undefined) {
    return {
      fault: `--${flag} is ambiguous: ${longer.map(([other]) => `--${other}`).join(', ')}.`,
      meant: longer.map(([, { key }]) => key),
    };
  }
  return notFound({ name: `--${name}`, refusal: `--${name} is not an option.`, dashes: '--' }, flags);
}

export interface UnknownName {
  /** As it was written. */
  readonly name: string;
  readonly refusal: string;
  /** What stands before the names that may have been meant. */
  readonly dashes: string;
}

/** The refusal with " Did you mean --dest-url?", unless no name is near. */
export async function notFound(
  { name, refusal, dashes }: UnknownName,
  known: ReadonlyMap<string, { readonly key: string }>,
): Promise<NoFlag> {
  const { nearestName } = await import('./suggest-name.ts');
  const nearest = nearestName(flagOfAnySpelling(name.replace(/^--/, '')), [...known.keys()]);
  const meaning = nearest === undefined ? undefined : known.get(nearest);
  if (nearest === undefined || meaning === undefined) return { fault: refusal, meant: [] };
  return { fault: `${refusal} Did you mean ${dashes}${nearest}?`, meant: [meaning.key] };
}
