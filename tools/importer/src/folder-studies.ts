import type { ItemRow, LedgerView, NewItem } from '@orthanc-tools/work-ledger';
import { awaitsVerdict } from './await-verdict.ts';
import { folderOf } from './file-key.ts';
import { verdictOn } from './identity-verdict.ts';
import { pagesOfItems } from './ledger-pages.ts';
import type { OutcomeNote } from './outcome.ts';
import type { PdfsFound } from './pdfs-found.ts';
import type { WhereIs } from './whereabouts.ts';

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

/** What bears on the PDFs of a folder. */
export interface FolderImages {
  /** By the files that are there. */
  readonly there: FolderStudy;
  /** When the last image of each of the last two studies went, and the last file of which nobody knows whose it is. */
  readonly gone: readonly Gone[];
}

interface Gone {
  /** Ms since 1970. */
  readonly at: number;
  readonly study: FolderStudy;
}

/** Where Orthanc holds no image of the study, nothing can be added to it. */
export const asFarAsHeld = (study: FolderStudy): FolderStudy =>
  'imageId' in study && study.imageId === '' ? unsure : study;

/**
 * Of a PDF that lies in the folder since then: by what is there, and by what lay there beside it. What went before the PDF
 * came says nothing of it.
 */
export const studyFor = ({ there, gone }: FolderImages, since: number): FolderStudy =>
  asFarAsHeld(
    gone.filter(({ at }) => at > since).reduce((before, { study }) => together(before, study), there),
  );

/** For every folder that holds a PDF, its images. Only those folders are held, each with a few studies at most. */
export async function studiesByFolder(ledger: Rows, whereIs: WhereIs): Promise<Map<string, FolderImages>> {
  const folders = new Map<string, FolderImages>();
  for (const page of pagesOfItems(ledger))
    for (const row of page)
      if (undecided.has(noteIn(row).code ?? '')) folders.set(folderOf(row.key), { there: noStudy, gone: [] });
  if (folders.size === 0) return folders;
  for (const page of pagesOfItems(ledger))
    for (const row of page) {
      const before = folders.get(folderOf(row.key));
      if (before === undefined) continue;
      const study = studyIn({ state: row.state, note: noteIn(row) }, ledger);
      if (study !== undefined)
        folders.set(folderOf(row.key), await withFile(before, { row, study }, whereIs));
    }
  return folders;
}

async function withFile(
  before: FolderImages,
  { row, study }: { readonly row: ItemRow; readonly study: FolderStudy },
  whereIs: WhereIs,
): Promise<FolderImages> {
  const there = together(before.there, study);
  // It will show where it is when it is looked into.
  if (study === pdfWaits) return { ...before, there };
  // Most files say what others have said: the disk is asked only where it matters.
  if (row.mark !== '' && there === before.there) return before;
  switch (await whereIs(row)) {
    case 'there':
      return { ...before, there };
    case 'taken':
      return { ...before, gone: lastOf(before.gone, { at: row.at, study }) };
    case 'unknown':
      return { ...before, there: together(before.there, unsure) };
    case 'gone':
      return before;
  }
}

/** Of which studies images went after any moment shows by these: none, that one, or several. */
function lastOf(before: readonly Gone[], one: Gone): readonly Gone[] {
  const same = before.find(({ study }) => idIn(study) === idIn(one.study));
  if (same !== undefined && same.at >= one.at) return before;
  const all = [one, ...before.filter((other) => other !== same)].toSorted((a, b) => b.at - a.at);
  const known = all.filter(({ study }) => 'studyId' in study).slice(0, 2);
  return all.filter((other) => known.includes(other) || !('studyId' in other.study));
}

const idIn = (study: FolderStudy): string => ('studyId' in study ? study.studyId : '');

/** What one more file of a folder adds to what is known of it. */
export function joinedBy(before: FolderStudy, seen: Seen, ledger: Verdicts): FolderStudy {
  const study = studyIn(seen, ledger);
  return study === undefined ? before : together(before, study);
}

/** What a file says of its folder; undefined where it is no image, and none that could not be read. */
function studyIn({ state, note }: Seen, ledger: Verdicts): FolderStudy | undefined {
  const { id, studyId, patientId } = note;
  if (state === 'waiting' || state === 'in hand' || note.code === awaitsVerdict.code) return pdfWaits;
  // A wrong patient is worse than a PDF left behind.
  if (verdictOn(ledger, patientId) !== undefined) return unsure;
  if (studyId !== undefined) return { studyId, imageId: state === 'done' ? (id ?? '') : '' };
  return state === 'set aside' || id !== undefined || isUnread(note) ? unsure : undefined;
}

/** Whose it would have been nobody knows: it went before it was read. A name under which a file only came is none that it had. */
const isUnread = ({ status, isPassing }: Partial<OutcomeNote>): boolean =>
  status === 'vanished' && isPassing !== true;

const together = (before: FolderStudy, now: FolderStudy): FolderStudy =>
  'studyId' in now ? withImage(before, now) : worse(before, now);

function withImage(before: FolderStudy, image: KnownStudy): FolderStudy {
  if ('studyId' in before && before.studyId !== image.studyId) return severalStudies;
  const isMore = before === noStudy || ('imageId' in before && before.imageId === '' && image.imageId !== '');
  return isMore ? image : before;
}

const severity: readonly FolderStudy[] = [unsure, pdfWaits, severalStudies];

const worse = (before: FolderStudy, now: FolderStudy): FolderStudy =>
  severity.indexOf(now) > severity.indexOf(before) ? now : before;

/** The PDFs of which another thing is known now than when they were last looked at, and archives that hold some. */
export function* pdfsToDecide(
  ledger: Rows,
  folders: ReadonlyMap<string, FolderImages>,
  found: Pick<PdfsFound, 'sinceBefore' | 'keep'>,
): Generator<NewItem[]> {
  const saysOtherwise = (row: ItemRow): boolean => {
    const { code = '' } = noteIn(row);
    const images = undecided.has(code) ? folders.get(folderOf(row.key)) : undefined;
    return images !== undefined && codeIn(studyFor(images, found.sinceBefore(row))) !== code;
  };
  for (const page of pagesOfItems(ledger)) {
    const pdfs = new Set(page.filter(saysOtherwise));
    found.keep([...pdfs]);
    yield page
      .filter((row) => pdfs.has(row) || (noteIn(row).pdfs ?? 0) > 0)
      .map(({ key, mark }) => ({ key, mark }));
  }
}

const noteIn = ({ note }: ItemRow): Partial<OutcomeNote> =>
  note === '' ? {} : (JSON.parse(note) as OutcomeNote);
