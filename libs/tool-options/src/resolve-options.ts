import { readFileSync } from 'node:fs';
import { configurationError } from '@orthanc-tools/failures';
import { checkRules, emptyGuard, findDoubts } from './check-rules.ts';
import type { RulesRequest } from './check-rules.ts';
import { gatherTexts } from './gather-texts.ts';
import type { OptionEntry, OptionTable, OptionsOf } from './option-entry.ts';
import { nameOf } from './spellings.ts';

/** Where a value came from. */
export type Origin = 'flag' | 'variable' | 'file' | 'default';

export interface Resolved<Table extends OptionTable> {
  readonly values: OptionsOf<Table>;
  readonly origins: Readonly<Record<string, Origin>>;
  /** What is neither a flag nor the value of one. */
  readonly positionals: readonly string[];
  /** The configuration file, and those that hold secrets. */
  readonly filesRead: readonly string[];
  /** What is accepted, but may not do what a person expects; a sentence each, without secrets. */
  readonly doubts: readonly string[];
}

export interface OptionSources {
  /** Without the interpreter and the script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readTextFile?: (path: string) => string;
  /** False for commands that need only a part of the options, such as `status`; then use the type `RelaxedOptionsOf`. */
  readonly demandsRequired?: boolean;
}

/**
 * Reads the options by precedence: flag, variable, configuration file, default; what is empty counts as not given, unless it guards the work.
 * @throws one configuration failure `OPTIONS_INVALID` that lists every fault, one line each, naming flag and variable
 */
export async function resolveOptions<Table extends OptionTable>(
  table: Table,
  { argv, env, readTextFile = readText, demandsRequired = true }: OptionSources,
): Promise<Resolved<Table>> {
  const filesRead: string[] = [];
  const reading = (path: string): string => {
    filesRead.push(path);
    return readTextFile(path);
  };
  const sources = { argv, env, readTextFile: reading };
  const gathered = await gatherTexts(table, sources);
  const { found, positionals, faults, notMissed, emptyFilters, emptyGuards } = gathered;
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const [key, entry] of Object.entries(table)) {
    const given = found.get(key);
    origins[key] = given?.origin ?? 'default';
    values[key] = given === undefined ? entry.default : valueOf(key, entry, { texts: given.texts, faults });
  }
  const name = (key: string) => nameOf(key, table[key]);
  const rules: RulesRequest = { values, origins, demandsRequired, notMissed, nameOf: name };
  faults.push(...checkRules(table, rules));
  // What only looks at the work narrows nothing, and does no harm.
  if (demandsRequired)
    faults.push(
      ...emptyFilters.byFlag.map(
        (key) => `${name(key)} is empty: say what is wanted, or leave it out for all.`,
      ),
      ...emptyGuards.map((key) => `${name(key)} ${emptyGuard}.`),
    );
  if (faults.length > 0) throw configurationError('OPTIONS_INVALID', faults.join('\n'));
  // Each value was made by its entry's own parser or default: the table's types follow from there.
  const doubts = [
    ...findDoubts(table, rules),
    ...emptyFilters.otherwise.map(
      (key) => `${name(key)} is empty, as if it were not there: nothing is left out.`,
    ),
  ];
  return { values: values as OptionsOf<Table>, origins, positionals, filesRead, doubts };
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

interface Given {
  readonly texts: readonly string[];
  readonly faults: string[];
}

function valueOf(key: string, entry: OptionEntry, { texts, faults }: Given): unknown {
  const parsed = entry.parse(texts);
  const fault = 'fault' in parsed ? parsed.fault : entry.check(parsed.value);
  if (fault === undefined && 'value' in parsed) return parsed.value;
  faults.push(`${nameOf(key, entry)} ${fault ?? ''}.`);
  return entry.default;
}
