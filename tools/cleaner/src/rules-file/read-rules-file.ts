import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Policy } from '../rules/retention-rule.ts';
import { readCsvRules } from './read-csv-rules.ts';
import { unreadable } from './unreadable.ts';

/** What a rules file says. */
export interface ReadRules extends Policy {
  /** Of the bytes that say it. */
  readonly sha256: string;
}

/**
 * Reads the rules: YAML or JSON by the ending of the name, otherwise the CSV of the Python tool.
 * @throws configuration `OPTIONS_INVALID` that tells every fault with line and column
 */
export async function readRulesFile(path: string): Promise<ReadRules> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (!/\.(ya?ml|json)$/i.test(path)) return { ...readCsvRules(path, bytes), sha256 };
  // Whoever has a file of the Python tool does not pay for loading what reads the other.
  const { readStructuredRules } = await import('./read-structured-rules.ts');
  return { ...readStructuredRules(path, bytes.toString()), sha256 };
}
