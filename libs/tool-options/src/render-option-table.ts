import { demandOf, groupedRows } from './option-rows.ts';
import type { OptionRow } from './option-rows.ts';
import type { OptionTable } from './option-entry.ts';

const cell = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replace(/\s*\n\s*/g, ' ');

const code = (text: string): string => `\`${text}\``;

function lineOf(row: OptionRow): string {
  const { entry, flags, variables } = row;
  const permitted = entry.permitted === undefined ? '' : ` (${entry.permitted})`;
  const example = entry.example === undefined ? '' : ` Example: ${code(entry.example)}`;
  const standard = demandOf(row) ?? (row.default === undefined ? '' : code(row.default));
  const cells = [
    flags.map(code).join(', '),
    variables.map(code).join(', '),
    standard,
    `${entry.describe}${permitted}${example}`,
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** The options as Markdown tables, one per group: what a README holds between its markers. */
export function renderOptionTable(table: OptionTable): string {
  const groups = [...groupedRows(table)].map(([group, rows]) =>
    [
      `#### ${group}`,
      '',
      '| Option | Variable | Default | Meaning |',
      '| --- | --- | --- | --- |',
      ...rows.map(lineOf),
    ].join('\n'),
  );
  // Prettier would pad the columns, and every longer word would then change every line.
  return ['<!-- prettier-ignore-start -->', ...groups, '<!-- prettier-ignore-end -->'].join('\n\n');
}
