import type { ItemRow, LedgerView, NewItem } from '@orthanc-tools/work-ledger';
import { folderOf } from './file-key.ts';
import { verdictOn } from './identity-verdict.ts';
import { pagesOfItems } from './ledger-pages.ts';
import type { OutcomeNote } from './outcome.ts';

/** Whose study a PDF belongs to; where that is not certain, why. */
export type FolderStudy = KnownStudy | { readonly code: string; readonly reason: string };

export interface KnownStudy {
  readonly studyId: string;
  /** An image of it that Orthanc holds. */
  readonly imageId: string;
}

export const noStudy: FolderStudy = { code: 'PDF_NO_STUDY', reason: 'A PDF, and no image in its folder.' };
const severalStudies: FolderStudy = {
  code: 'PDF_SEVERAL_STUDIES',
  reason: 'A PDF, and images of several studies in its folder.',
};
export const unsure: FolderStudy = {
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

type Verdicts = Pick<LedgerView, 'verdict'>;
type Rows = Pick<LedgerView, 'rows' | 'verdict'>;

/** A file, or a member of an archive, and what became of it. */
interface Seen {
  readonly state: ItemRow['state'];
  readonly note: Partial<OutcomeNote>;
}

/** Where Orthanc holds no image of the study, nothing can be added to it. */
export const asFarAsHeld = (study: FolderStudy): FolderStudy =>
  'imageId' in study && study.imageId === '' ? unsure : study;

/** For every folder that holds a PDF, its study. Only those folders are held, each with one study at most. */
export function studiesByFolder(ledger: Rows): Map<string, FolderStudy> {
  const folders = new Map<string, FolderStudy>();
  for (const page of pagesOfItems(ledger))
    for (const row of page)
      if (undecided.has(noteIn(row).code ?? '')) folders.set(folderOf(row.key), noStudy);
  if (folders.size === 0) return folders;
  for (const page of pagesOfItems(ledger))
    for (const row of page) {
      const before = folders.get(folderOf(row.key));
      if (before !== undefined)
        folders.set(folderOf(row.key), joinedBy(before, { state: row.state, note: noteIn(row) }, ledger));
    }
  // None of its images is at Orthanc.
  for (const [folder, study] of folders) folders.set(folder, asFarAsHeld(study));
  return folders;
}

/** What one more file of a folder adds to what is known of it. */
export function joinedBy(before: FolderStudy, { state, note }: Seen, ledger: Verdicts): FolderStudy {
  const { id, studyId, patientId } = note;
  if (state === 'waiting' || state === 'in hand') return worse(before, pdfWaits);
  // A wrong patient is worse than a PDF left behind.
  if (verdictOn(ledger, patientId) !== undefined) return worse(before, unsure);
  if (studyId === undefined)
    return state === 'set aside' || id !== undefined || isUnread(note) ? worse(before, unsure) : before;
  return withImage(before, { studyId, imageId: state === 'done' ? (id ?? '') : '' });
}

/** Whose it would have been nobody knows: it went before it was read. A name under which a file only came is none that it had. */
const isUnread = ({ status, isPassing }: Partial<OutcomeNote>): boolean =>
  status === 'vanished' && isPassing !== true;

function withImage(before: FolderStudy, image: KnownStudy): FolderStudy {
  if ('studyId' in before && before.studyId !== image.studyId) return severalStudies;
  return before === noStudy || ('imageId' in before && before.imageId === '') ? image : before;
}

const severity: readonly FolderStudy[] = [unsure, pdfWaits, severalStudies];

const worse = (before: FolderStudy, now: FolderStudy): FolderStudy =>
  severity.indexOf(now) > severity.indexOf(before) ? now : before;

/** The PDFs of which another thing is known now than when they were last looked at, and archives that hold some. */
export function* pdfsToDecide(ledger: Rows, folders: ReadonlyMap<string, FolderStudy>): Generator<NewItem[]> {
  for (const page of pagesOfItems(ledger))
    yield page
      .filter((row) => {
        const { code = '', pdfs = 0 } = noteIn(row);
        if (pdfs > 0) return true;
        const study = folders.get(folderOf(row.key));
        return undecided.has(code) && study !== undefined && codeIn(study) !== code;
      })
      .map(({ key, mark }) => ({ key, mark }));
}

const noteIn = ({ note }: ItemRow): Partial<OutcomeNote> =>
  note === '' ? {} : (JSON.parse(note) as OutcomeNote);
