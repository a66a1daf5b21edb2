import { isDeclaredTable } from './declare-options.ts';
import type { OptionTable } from './option-entry.ts';
import { renderOptionTable } from './render-option-table.ts';

const start = '<!-- options:start -->';
const end = '<!-- options:end -->';

/**
 * The README with the options between its markers.
 * @throws when the markers are not there, once each and in order
 */
export function withOptions(readme: string, table: OptionTable): string {
  const from = readme.indexOf(start);
  const to = readme.indexOf(end);
  const isOnce = from === readme.lastIndexOf(start) && to === readme.lastIndexOf(end);
  if (from < 0 || to < from || !isOnce)
    throw new Error(`needs the markers ${start} and ${end}, once each and in this order`);
  return `${readme.slice(0, from + start.length)}\n\n${renderOptionTable(table)}\n\n${readme.slice(to)}`;
}

/**
 * The one declared table that a module exports under a name ending in `Options`.
 * @throws when there is none, or more than one
 */
export function tableExportedBy(module: object): OptionTable {
  const tables = Object.entries(module).flatMap(([name, value]: [string, unknown]) =>
    name.endsWith('Options') && isDeclaredTable(value) ? [{ name, table: value }] : [],
  );
  const [only] = tables;
  if (only === undefined)
    throw new Error('exports nothing that ends in "Options" and went through declareOptions');
  if (tables.length > 1)
    throw new Error(`exports several tables: ${tables.map(({ name }) => name).join(', ')}`);
  return only.table;
}
