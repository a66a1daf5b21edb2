import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { CsvError, parse } from 'csv-parse';

/** One line of a list: a study by its UID, or all of an accession number. */
export type ListedWork = {
  /** Its place: from 1 on, without the head line. */
  readonly entry: number;
} & ({ readonly uid: string } | { readonly accession: string });

const uidPattern = /^[0-9][0-9.]*$/;
/** DICOM allows 64 and files hold longer ones; what is longer than this, Orthanc does not enter into its index. */
const longestUid = 256;
const wantedHeads = { studyinstanceuid: 'uid', accessionnumber: 'accession', search: 'search' } as const;

/**
 * Reads a list of studies, line by line. With a head line, the columns StudyInstanceUID and AccessionNumber count, in any
 * case; without one, the first column holds UIDs. Comma, semicolon and tab are understood. Of the CSV report of another run,
 * whose lines of missing images follow that of their study, each study is told once, and its searches are passed over.
 * @throws configuration `STUDIES_FILE_UNREADABLE`, which names the line and none of its content
 */
export async function* readStudiesFile(path: string): AsyncGenerator<ListedWork> {
  let columns: Columns | undefined;
  let [line, last] = [0, ''];
  try {
    for await (const record of recordsIn(path)) {
      line += 1;
      columns ??= columnsIn(record);
      if (line === 1 && columns.hasHead) continue;
      const work = workIn(record, columns);
      if (work === 'a search') continue;
      if ('fault' in work) throw unreadable(path, `line ${String(line)}${work.fault}`);
      const isSameStudy = 'uid' in work && work.uid === last;
      last = 'uid' in work ? work.uid : '';
      if (!isSameStudy) yield { entry: columns.hasHead ? line - 1 : line, ...work };
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
  /** What was searched for, in the CSV report of a run. */
  readonly search: number;
}

function columnsIn(first: readonly string[]): Columns {
  const names = first.map(
    (name) => wantedHeads[name.toLowerCase().replaceAll(/[\s_]/g, '') as keyof typeof wantedHeads],
  );
  const hasHead = names.some((name) => name !== undefined);
  return {
    hasHead,
    uid: hasHead ? names.indexOf('uid') : 0,
    accession: names.indexOf('accession'),
    search: names.indexOf('search'),
  };
}

type InLine = { readonly uid: string } | { readonly accession: string } | { readonly fault: string };

function workIn(record: readonly string[], { uid, accession, search }: Columns): InLine | 'a search' {
  const [named = '', number = ''] = [record[uid], record[accession]];
  if (named.length > longestUid && uidPattern.test(named))
    return {
      fault: `: the UID is longer than the ${String(longestUid)} signs that Orthanc keeps of one`,
    };
  if (uidPattern.test(named)) return { uid: named };
  if (named !== '') return { fault: ': what stands for the UID has other signs than digits and dots' };
  if (number !== '') return { accession: number };
  if ((record[search] ?? '') !== '') return 'a search';
  return { fault: ' holds neither a UID nor an accession number' };
}

const unreadable = (path: string, why: string, cause?: unknown) =>
  configurationError('STUDIES_FILE_UNREADABLE', `${nameOf('studiesFile')}: "${path}": ${why}.`, { cause });
