// Apart from what uses it, so that only a configuration file pays for loading the package.
import { parseDocument } from 'yaml';

export type YamlContent = { readonly content: unknown } | { readonly fault: string };

/** Reads YAML, of which JSON is a part; every value as the text that was written: 007 stays 007, and no date is made of anything. */
export function parseYaml(text: string): YamlContent {
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'silent' });
  const [error] = document.errors;
  // The parser's own words would quote the line, and with it perhaps a password.
  if (error !== undefined)
    return { fault: `is neither YAML nor JSON: ${error.code}${placeOf(error.linePos)}` };
  try {
    return { content: document.toJS({ maxAliasCount: 10 }) as unknown };
  } catch {
    return { fault: 'refers to itself too often' };
  }
}

function placeOf(positions: readonly { readonly line: number }[] | undefined): string {
  const line = positions?.[0]?.line;
  return line === undefined ? '' : ` in line ${String(line)}`;
}
