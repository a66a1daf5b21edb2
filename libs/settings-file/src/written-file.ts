import { LineCounter, type Node, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';

export type Path = readonly PropertyKey[];

/** A file as it was written: its content, and where in it everything stands. */
export interface WrittenFile {
  readonly content: unknown;
  /** Where the last step of the path, or what it leads to, stands; or the nearest thing around it that is there. */
  placeOf(path: Path, part?: 'key' | 'value'): string;
}

/** Reads YAML, of which JSON is a part. `fault` continues a sentence about the file and repeats nothing of it. */
export function readWritten(text: string): WrittenFile | { readonly fault: string } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, logLevel: 'silent' });
  const placed = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `line ${String(line)}, column ${String(col)}`;
  };
  const [error] = document.errors;
  // The parser's own words would quote the line, and with it perhaps a password.
  if (error !== undefined)
    return { fault: `is neither YAML nor JSON: ${error.code} in ${placed(error.pos[0])}` };
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 100 });
  } catch {
    return { fault: 'refers to itself too often' };
  }
  return {
    content,
    placeOf(path, part = 'value') {
      let place: Node | null = document.contents;
      for (const step of path) {
        const entry = within(place, step);
        if (entry === undefined) break;
        place = (part === 'key' && step === path.at(-1) ? entry.key : undefined) ?? entry.value ?? place;
      }
      return placed(place?.range?.[0] ?? 0);
    },
  };
}

interface Entry {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

function within(place: Node | null, step: PropertyKey): Entry | undefined {
  if (isSeq<Node>(place)) return { key: undefined, value: place.items[Number(step)] };
  if (!isMap<Node, Node | null>(place)) return undefined;
  const pair = place.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  return pair && { key: pair.key, value: isAlias(pair.value) ? undefined : (pair.value ?? pair.key) };
}
