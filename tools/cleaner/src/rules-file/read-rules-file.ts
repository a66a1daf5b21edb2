import type { Policy } from '../rules/retention-rule.ts';
import { readCsvRules } from './read-csv-rules.ts';

/**
 * Reads the rules: YAML or JSON by the ending of the name, otherwise the CSV of the Python tool.
 * @throws configuration `OPTIONS_INVALID` that tells every fault with line and column
 */
export async function readRulesFile(path: string): Promise<Policy> {
  if (!/\.(ya?ml|json)$/i.test(path)) return readCsvRules(path);
  // Whoever has a file of the Python tool does not pay for loading what reads the other.
  const { readStructuredRules } = await import('./read-structured-rules.ts');
  return readStructuredRules(path);
}
