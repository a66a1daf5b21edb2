// The rules file of the Python tool: `label,weeks`, `label,weeks,modality` and `label,weeks,modality,accession number`,
// with a header or without.
import { type CsvError, parse } from 'csv-parse/sync';
import { configurationError } from '@orthanc-tools/failures';
import type { Policy, RetentionRule } from '../rules/retention-rule.ts';
import { nameOfFile } from './unreadable.ts';

const columns = ['label', 'weeks', 'modality', 'accession'] as const;
type Column = (typeof columns)[number];

/** Other headings under which people write them. */
const headings: Readonly<Record<string, Column>> = {
  label: 'label',
  labels: 'label',
  weeks: 'weeks',
  modality: 'modality',
  accession: 'accession',
  accessionnumber: 'accession',
};

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

interface CsvFault {
  readonly line: number;
  /** Counted from 1, as a spreadsheet counts them. */
  readonly column: number;
  readonly fault: string;
}

/**
 * @param bytes what the file holds
 * @throws configuration `OPTIONS_INVALID`
 */
export function readCsvRules(path: string, bytes: Buffer): Policy {
  const named = nameOfFile(path);
  const [first, ...others] = rowsIn(bytes, named);
  if (first === undefined) throw configurationError('OPTIONS_INVALID', `${named} holds no rule.`);
  const faults: CsvFault[] = [];
  const isHeaded = isHeader(first);
  const order = isHeaded ? orderIn(first, faults) : columns;
  const rows = isHeaded ? others : [first, ...others];
  const rules = faults.length > 0 ? [] : rows.flatMap((row) => ruleIn(row, order, faults) ?? []);
  if (faults.length > 0)
    throw configurationError(
      'OPTIONS_INVALID',
      faults
        .map(
          ({ line, column, fault }) => `${named}, line ${String(line)}, column ${String(column)}: ${fault}.`,
        )
        .join('\n'),
    );
  if (rules.length === 0) throw configurationError('OPTIONS_INVALID', `${named} holds no rule.`);
  return { rules, keep: [] };
}

function rowsIn(bytes: Buffer, named: string): Row[] {
  try {
    const records: unknown = parse(bytes, {
      bom: true,
      comment: '#',
      comment_no_infix: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    return (records as { record: string[]; info: { lines: number } }[])
      .map(({ record, info }) => ({ line: info.lines, cells: record }))
      .filter(({ cells }) => cells.some((cell) => cell !== ''));
  } catch (cause) {
    const { code = 'unknown error', lines, column } = cause as Partial<CsvError> & Record<string, unknown>;
    const at =
      typeof lines === 'number'
        ? `, line ${String(lines)}, column ${String(Number(column ?? 0) + 1)}:`
        : ' is';
    throw configurationError('OPTIONS_INVALID', `${named}${at} no CSV (${String(code)}).`, { cause });
  }
}

/** Where no number of weeks can stand, there is a heading. */
const isHeader = ({ cells }: Row): boolean =>
  cells.some((cell) => Object.hasOwn(headings, headingOf(cell))) && !cells.some(isWholeNumber);

const headingOf = (cell: string): string => cell.toLowerCase().replaceAll(/[\s_-]/g, '');

const isWholeNumber = (cell: string): boolean => /^[+-]?\d+$/.test(cell);

function orderIn({ line, cells }: Row, faults: CsvFault[]): readonly (Column | undefined)[] {
  const order = cells.map((cell) => headings[headingOf(cell)]);
  for (const [index, column] of order.entries()) {
    const at = { line, column: index + 1 };
    if (column === undefined)
      faults.push({ ...at, fault: `"${cells[index] ?? ''}" is no column (known are ${columns.join(', ')})` });
    else if (order.indexOf(column) < index)
      faults.push({ ...at, fault: `there is a column ${column} already` });
  }
  for (const column of ['label', 'weeks'] as const)
    if (!order.includes(column)) faults.push({ line, column: 1, fault: `the column ${column} is missing` });
  return order;
}

type Written = Readonly<Record<Column, string>>;

function ruleIn(
  row: Row,
  order: readonly (Column | undefined)[],
  faults: CsvFault[],
): RetentionRule | undefined {
  const of = (column: Column) => row.cells[order.indexOf(column)] ?? '';
  const written = {
    label: of('label'),
    weeks: of('weeks'),
    modality: of('modality'),
    accession: of('accession'),
  };
  const found = faultsIn(row, order, written);
  faults.push(...found);
  return found.length > 0 ? undefined : toRule(row.line, written);
}

function faultsIn(
  { line, cells }: Row,
  order: readonly (Column | undefined)[],
  { label, weeks, modality, accession }: Written,
): CsvFault[] {
  const at = (column: number, fault: string): CsvFault => ({ line, column, fault });
  if (cells.length === 1 && cells[0]?.includes(';') === true)
    return [at(1, 'its columns are separated by semicolons: separate them by commas')];
  const faults: CsvFault[] = [];
  if (cells.length > order.length) {
    const fault = `there are ${String(order.length)} columns (${columns.join(', ')}) and no more`;
    faults.push(at(order.length + 1, fault));
  }
  const faultOfWeeks = faultIn(weeks);
  if (faultOfWeeks !== undefined)
    faults.push(at(order.indexOf('weeks') + 1, `the number of weeks must ${faultOfWeeks}`));
  if (label === '' && modality === '' && accession === '') {
    const fault =
      'this rule would delete every study, whatever it is: name a label, a modality or an accession number, or use a YAML file, in which a rule can say "everything: true"';
    faults.push(at(1, fault));
  }
  return faults;
}

/** A century: nobody means more, and the calendar ends somewhere. */
const mostWeeks = 5200;

function faultIn(weeks: string): string | undefined {
  if (!isWholeNumber(weeks)) return `be a whole number, not "${weeks}"`;
  if (Number(weeks) < 0) return `not be negative: "${weeks}" would delete what has only just come`;
  if (Number(weeks) <= mostWeeks) return undefined;
  return `not be above ${String(mostWeeks)}: leave the line out for what is never to be deleted`;
}

function toRule(line: number, { label, weeks, modality, accession }: Written): RetentionRule {
  return {
    name: `line ${String(line)}`,
    // Nothing in these stands for anything else: "*" is a letter.
    criteria: {
      ...(label !== '' && { labels: [label] }),
      ...(modality !== '' && { modalities: [modality] }),
      ...(accession !== '' && { accession: { literal: accession } }),
    },
    age: { count: Number(weeks), unit: 'weeks' },
    basis: 'both',
    minimumToKeep: 0,
    priority: 0,
    includesProtected: false,
    isForFullDisk: false,
  };
}
