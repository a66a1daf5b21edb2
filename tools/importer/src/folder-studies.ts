import type { ItemRow, LedgerView, NewItem } from '@orthanc-tools/work-ledger';
import type { OutcomeNote } from './outcome.ts';

/** Whose study a PDF belongs to; where that is not certain, why. */
export type FolderStudy =
  { readonly studyId: string; readonly imageId: string } | { readonly code: string; readonly reason: string };

const noStudy: FolderStudy = { code: 'PDF_NO_STUDY', reason: 'A PDF, and no image in its folder.' };
const severalStudies: FolderStudy = {
  code: 'PDF_SEVERAL_STUDIES',
  reason: 'A PDF, and images of several studies in its folder.',
};
const unsure: FolderStudy = {
  code: 'PDF_STUDY_UNSURE',
  reason: 'A PDF, and files in its folder of which it is not known whose they are.',
};

/** While images may still come, nothing is decided. */
export const pdfWaits = {
  status: 'waiting',
  code: 'PDF_WAITS',
  reason: 'A PDF: its study shows once all files of its folder were read.',
} as const;

const undecided = new Set(['PDF', pdfWaits.code, ...[noStudy, severalStudies, unsure].map(codeIn)]);

function codeIn(study: FolderStudy): string {
  return 'code' in study ? study.code : '';
}

export const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);

type Rows = Pick<LedgerView, 'rows'>;

/** For every folder that holds a PDF, its study. Only those folders are held, each with one study at most. */
export function studiesByFolder(ledger: Rows): Map<string, FolderStudy> {
  const folders = new Map<string, FolderStudy>();
  for (const page of pagesOf(ledger))
    for (const row of page)
      if (undecided.has(noteIn(row).code ?? '')) folders.set(folderOf(row.key), noStudy);
  if (folders.size === 0) return folders;
  for (const page of pagesOf(ledger))
    for (const row of page) {
      const before = folders.get(folderOf(row.key));
      if (before !== undefined) folders.set(folderOf(row.key), joinedBy(before, row));
    }
  return folders;
}

function joinedBy(before: FolderStudy, row: ItemRow): FolderStudy {
  const { id, studyId } = noteIn(row);
  if (studyId === undefined)
    // A wrong patient is worse than a PDF left behind.
    return row.state === 'set aside' || id !== undefined ? worse(before, unsure) : before;
  if (before === noStudy) return { studyId, imageId: id ?? '' };
  return 'studyId' in before && before.studyId !== studyId ? severalStudies : before;
}

const worse = (before: FolderStudy, now: FolderStudy): FolderStudy =>
  before === severalStudies ? before : now;

/** The PDFs of which another thing is known now than when they were last looked at. */
export function* pdfsToDecide(ledger: Rows, folders: ReadonlyMap<string, FolderStudy>): Generator<NewItem[]> {
  for (const page of pagesOf(ledger))
    yield page
      .filter((row) => {
        const code = noteIn(row).code ?? '';
        const study = folders.get(folderOf(row.key));
        return undecided.has(code) && study !== undefined && codeIn(study) !== code;
      })
      .map(({ key, mark }) => ({ key, mark }));
}

const noteIn = ({ note }: ItemRow): Partial<OutcomeNote> =>
  note === '' ? {} : (JSON.parse(note) as OutcomeNote);

const pageSize = 1000;

function* pagesOf(ledger: Rows): Generator<ItemRow[]> {
  let after: string | undefined;
  for (;;) {
    const rows = ledger.rows({ limit: pageSize, ...(after === undefined ? {} : { after }) });
    yield rows;
    after = rows.at(-1)?.key;
    if (rows.length < pageSize) return;
  }
}
