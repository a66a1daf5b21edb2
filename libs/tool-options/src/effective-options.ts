import type { OptionTable, OptionsOf } from './option-entry.ts';
import type { Origin, Resolved } from './resolve-options.ts';

/** The options as a log may show them, with where each came from; those without a value are left out. */
export function effectiveOptions<Table extends OptionTable>(
  table: Table,
  { values, origins }: Pick<Resolved<Table>, 'values' | 'origins'>,
): Record<string, { value: string; origin: Origin }> {
  const shown: Record<string, { value: string; origin: Origin }> = {};
  for (const [key, entry] of Object.entries(table)) {
    const value: unknown = values[key];
    if (value !== undefined) shown[key] = { value: entry.format(value), origin: origins[key] ?? 'default' };
  }
  return shown;
}

function secretsOf(kind: string, value: unknown): string[] {
  if (kind === 'secret' && typeof value === 'string') return [value];
  if (kind === 'headerList' && typeof value === 'object' && value !== null)
    return Object.values(value).map(String);
  return [];
}

/** All secrets among the values, for whoever must keep them out of the log. */
export function secretsIn<Table extends OptionTable>(table: Table, values: OptionsOf<Table>): string[] {
  return Object.entries(table)
    .flatMap(([key, { kind }]) => secretsOf(kind, values[key]))
    .filter((secret) => secret !== '');
}
