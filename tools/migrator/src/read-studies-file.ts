import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { CsvError, parse } from 'csv-parse';

/** One line of a list: a study by its UID, or all of an accession number. */
export type ListedWork = { readonly uid: string } | { readonly accession: string };

const uidPattern = /^[0-9][0-9.]{0,63}$/;
const wantedHeads = { studyinstanceuid: 'uid', accessionnumber: 'accession' } as const;

/**
 * Reads a list of studies, line by line. With a head line, the columns StudyInstanceUID and AccessionNumber count, in any
 * case; without one, the first column holds UIDs. Comma, semicolon and tab are understood.
 * @throws configuration `STUDIES_FILE_UNREADABLE`, which names the line and none of its content
 */
export async function* readStudiesFile(path: string): AsyncGenerator<ListedWork> {
  let columns: Columns | undefined;
  let line = 0;
  try {
    for await (const record of recordsIn(path)) {
      line += 1;
      columns ??= columnsIn(record);
      if (line === 1 && columns.hasHead) continue;
      const work = workIn(record, columns);
      if (work === undefined)
        throw unreadable(path, `line ${String(line)} holds neither a UID nor an accession number`);
      yield work;
    }
  } catch (error) {
    if (error instanceof CsvError) throw unreadable(path, `it is no CSV (line ${String(line + 1)})`, error);
    if (typeof error === 'object' && error !== null && 'syscall' in error)
      throw unreadable(path, 'it cannot be read', error);
    throw error;
  }
}

function recordsIn(path: string): AsyncIterable<readonly string[]> {
  const parser = parse({
    bom: true,
    delimiter: [',', ';', '\t'],
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
  });
  // What breaks the reading is thrown where the records are read.
  pipeline(createReadStream(path), parser, () => undefined);
  return parser as AsyncIterable<readonly string[]>;
}

interface Columns {
  readonly hasHead: boolean;
  readonly uid: number;
  readonly accession: number;
}

function columnsIn(first: readonly string[]): Columns {
  const names = first.map(
    (name) => wantedHeads[name.toLowerCase().replaceAll(/[\s_]/g, '') as keyof typeof wantedHeads],
  );
  const hasHead = names.some((name) => name !== undefined);
  return { hasHead, uid: hasHead ? names.indexOf('uid') : 0, accession: names.indexOf('accession') };
}

function workIn(record: readonly string[], { uid, accession }: Columns): ListedWork | undefined {
  const named = record[uid] ?? '';
  if (uidPattern.test(named)) return { uid: named };
  const number = record[accession] ?? '';
  return named === '' && number !== '' ? { accession: number } : undefined;
}

const unreadable = (path: string, why: string, cause?: unknown) =>
  configurationError('STUDIES_FILE_UNREADABLE', `${nameOf('studiesFile')}: "${path}": ${why}.`, { cause });
