import type { OptionEntry } from './option-entry.ts';

/** `file`: the text is the path of a file that holds the value. */
export type Way = 'value' | 'file';

export const wayOf = (isInFile: boolean): Way => (isInFile ? 'file' : 'value');

/** What one source (the command line, the variables, the file) says about one option. */
export interface GivenTexts {
  /** More than one for a list, or where the same was said twice. A path in a file's place comes last. */
  readonly texts: readonly string[];
  /** Under which name each text was given, as it was written. */
  readonly names: readonly string[];
  /** Both, when one source gives the value and a file with it. */
  readonly ways: readonly Way[];
}

/** What makes the source contradict itself; continues the sentence "--flag (VARIABLE) …" and repeats no value. */
export function contradictionIn(entry: OptionEntry, { texts, names, ways }: GivenTexts): string | undefined {
  const distinctNames = [...new Set(names)];
  if (ways.length > 1) return `is given by ${distinctNames.join(' and by ')}: give one of them`;
  if (addsUp(entry) || new Set(texts.map((text) => meaningOf(entry, text))).size < 2) return undefined;
  return distinctNames.length > 1
    ? `is given different values by ${distinctNames.join(' and by ')}: give one of them`
    : 'is given several times, with different values: give one of them';
}

function addsUp({ kind }: OptionEntry): boolean {
  return kind === 'textList' || kind === 'headerList';
}

/** Equal for texts that mean the same, such as `1` and `true`. */
function meaningOf(entry: OptionEntry, text: string): string {
  const parsed = entry.parse([text]);
  return 'value' in parsed ? (JSON.stringify(parsed.value) ?? text) : text;
}
