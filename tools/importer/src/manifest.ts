import { open, rename, unlink } from 'node:fs/promises';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { ItemRow, LedgerView } from '@orthanc-tools/work-ledger';
import { identityConflict, tellVerdict, verdictOn } from './identity-verdict.ts';
import { eachPartNote, pagesOfItems } from './ledger-pages.ts';
import type { OutcomeNote } from './outcome.ts';

/** One line of the manifest. */
interface ManifestLine {
  readonly path: string;
  readonly status: string;
  readonly id?: string | undefined;
  readonly size: number;
  readonly md5?: string | undefined;
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
}

const columns = ['path', 'status', 'id', 'size', 'md5', 'code', 'reason'] as const;
const linesAtOnce = 256;

type Read = Pick<LedgerView, 'rows' | 'partNotes' | 'verdict'>;

/** Writes what the ledger knows of each file, page by page: it is there as a whole, or not at all. */
export async function writeManifest(path: string, ledger: Read): Promise<void> {
  const isCsv = path.toLowerCase().endsWith('.csv');
  const temporary = `${path}.part`;
  try {
    const file = await open(temporary, 'w');
    try {
      if (isCsv) await file.write(`${columns.join(',')}\n`);
      for (const lines of linesInPortions(ledger))
        await file.write(lines.map(isCsv ? csvLine : jsonLine).join(''));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Finds out before the work whether the manifest can be written. */
export async function checkManifestPlace(path: string): Promise<void> {
  const temporary = `${path}.part`;
  try {
    await (await open(temporary, 'a')).close();
    await unlink(temporary);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

const unwritable = (path: string, cause: unknown) =>
  configurationError('MANIFEST_UNWRITABLE', `${nameOf('manifest')}: "${path}" cannot be written.`, { cause });

/** One write for each line would take longer than to import a small file. */
export function* linesInPortions(ledger: Read): Generator<ManifestLine[]> {
  let portion: ManifestLine[] = [];
  for (const line of linesIn(ledger)) {
    portion.push(line);
    if (portion.length < linesAtOnce) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

function* linesIn(ledger: Read): Generator<ManifestLine> {
  for (const rows of pagesOfItems(ledger))
    for (const row of rows) {
      yield lineOf(row, ledger);
      yield* partLines(row, ledger);
    }
}

function* partLines({ key }: ItemRow, ledger: Read): Generator<ManifestLine> {
  for (const { part, note } of eachPartNote(key, ledger))
    yield { path: `${key}!${part}`, ...read(note, ledger) };
}

/** A note, with what was found out about the patient since it was written. */
function read(note: string, ledger: Read): OutcomeNote {
  const known = JSON.parse(note) as OutcomeNote;
  const { patientId = '', code } = known;
  const verdict = code === undefined ? verdictOn(ledger, patientId) : undefined;
  if (verdict === undefined) return known;
  return { ...known, code: identityConflict, reason: tellVerdict(verdict, patientId) };
}

function lineOf({ key, state, code, message, note }: ItemRow, ledger: Read): ManifestLine {
  const known = note === '' ? { size: 0 } : read(note, ledger);
  if (state === 'done') return { status: 'stored', ...known, path: key };
  if (state === 'set aside') return { status: 'refused', code, reason: message, ...known, path: key };
  const why = code === '' ? {} : { code, reason: message };
  return { ...known, ...why, status: 'waiting', path: key };
}

const jsonLine = (line: ManifestLine): string =>
  `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, line[column]])))}\n`;

const csvLine = (line: ManifestLine): string =>
  `${columns.map((column) => csvField(line[column] ?? '')).join(',')}\n`;

/** Quoted where needed (RFC 4180). */
function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
