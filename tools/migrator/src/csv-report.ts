import { open, rename, unlink } from 'node:fs/promises';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { LedgerView } from '@orthanc-tools/work-ledger';
import { type WorkLine, eachLine, eachMissing } from './ledger-pages.ts';

/** The columns; a list for another run may be made of it, as UIDs are in the first. */
const columns = [
  'StudyInstanceUID',
  'StudyDate',
  'SOPInstanceUID',
  'State',
  'Outcome',
  'Proof',
  'Images',
  'Missing',
  'Code',
  'Message',
  'Search',
] as const;

type Row = Partial<Readonly<Record<(typeof columns)[number], string | number>>>;

/**
 * Writes a line per study, one per image that is missing, and one per search that was set aside: as a whole, or not at all.
 * An accession number may tell of a patient: its search is told by its place in the list.
 */
export async function writeCsvReport(
  path: string,
  ledger: Pick<LedgerView, 'rows' | 'partNotes'>,
): Promise<void> {
  const temporary = `${path}.part`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.write(`${columns.join(',')}\n`);
      for (const line of eachLine(ledger)) await file.write(rowsOf(line, ledger).map(csvLine).join(''));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    throw unwritable('csvReport', path, cause);
  }
}

/** Finds out before the work whether a file can be written there. */
export async function checkPlace(option: string, path: string): Promise<void> {
  const temporary = `${path}.part`;
  try {
    await (await open(temporary, 'a')).close();
    await unlink(temporary);
  } catch (cause) {
    throw unwritable(option, path, cause);
  }
}

const unwritable = (option: string, path: string, cause: unknown) =>
  configurationError('REPORT_UNWRITABLE', `${nameOf(option)}: "${path}" cannot be written.`, { cause });

function rowsOf(line: WorkLine, ledger: Pick<LedgerView, 'partNotes'>): Row[] {
  if (line.kind === 'study') return rowsOfStudy(line, ledger);
  if (line.state !== 'set aside') return [];
  return [{ State: line.state, Code: line.code, Message: line.message, Search: line.search ?? '' }];
}

function rowsOfStudy(line: WorkLine, ledger: Pick<LedgerView, 'partNotes'>): Row[] {
  const ofStudy = { StudyInstanceUID: line.key, StudyDate: line.date };
  const { state, outcome, proof, images, missing, code, message } = line;
  const head = { State: state, Outcome: outcome, Proof: proof, Images: images, Missing: missing };
  return [
    { ...ofStudy, ...head, Code: code, Message: message },
    ...Array.from(eachMissing(line.key, ledger), (gap) => ({
      ...ofStudy,
      SOPInstanceUID: gap.part,
      State: 'missing',
      Code: gap.code,
      Message: gap.message,
    })),
  ];
}

const csvLine = (row: Row): string => `${columns.map((column) => csvField(row[column] ?? '')).join(',')}\n`;

/** Quoted where needed (RFC 4180). */
function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
