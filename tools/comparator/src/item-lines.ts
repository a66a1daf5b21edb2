import { type Item, symbols } from './item.ts';

/** What users read as words. */
export const stateWords = {
  equal: 'equal',
  onlyInOrthanc: 'only in Orthanc',
  onlyThere: 'missing from Orthanc',
  differs: 'differs',
  unknown: 'could not be compared',
} as const;

/** A line of JSON: fields that are not known are left out. */
export function jsonLine(item: Item): string {
  const { state, ...rest } = item;
  return `${JSON.stringify({ symbol: symbols[state], state, ...rest })}\n`;
}

const columns = [
  'symbol',
  'state',
  'level',
  'studyDate',
  'studyInstanceUid',
  'seriesInstanceUid',
  'sopInstanceUid',
  'code',
  'instances',
  'was',
  'attributes',
  'message',
] as const;

export const csvHead = `${columns.join(',')}\n`;

export function csvLine(item: Item): string {
  const cells = columns.map((column) => {
    if (column === 'symbol') return symbols[item.state];
    const value = item[column];
    if (value === undefined) return '';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
  return `${cells.map(quoted).join(',')}\n`;
}

/** As RFC 4180 has it. Symbols stand in quotes, too, so that no spreadsheet takes one for a formula that goes on. */
const quoted = (cell: string): string =>
  /^[\w.:-]*$/.test(cell) && !cell.startsWith('-') ? cell : `"${cell.replaceAll('"', '""')}"`;
