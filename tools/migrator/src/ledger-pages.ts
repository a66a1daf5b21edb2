import { type ItemRow, type LedgerView, type PartException, eachRow } from '@orthanc-tools/work-ledger';
import { identityConflict } from './judge-identity.ts';
import { readMark } from './study-mark.ts';
import { type StudyNote, readNote, vanished } from './study-note.ts';
import { nameOfSearch } from './work-keys.ts';

/** One study or search, as reports tell it; without patient data. */
export interface WorkLine {
  readonly key: string;
  readonly kind: 'study' | 'search';
  /** What was searched for: days, or a place in the list. */
  readonly search?: string;
  /** `YYYYMMDD`, or empty. */
  readonly date: string;
  readonly state: ItemRow['state'];
  readonly outcome: string;
  readonly proof: string;
  /** Images that are proved at the destination. */
  readonly images: number;
  readonly missing: number;
  readonly code: string;
  readonly message: string;
  /** In what the destination knows the patient otherwise. */
  readonly differ: readonly string[];
}

type Read = Pick<LedgerView, 'rows' | 'partNotes'>;

/** All that the ledger knows, page by page. */
export function* eachLine(ledger: Pick<Read, 'rows'>): Generator<WorkLine> {
  const rows = eachRow(
    (page) => ledger.rows(page),
    ({ key }) => key,
  );
  for (const row of rows) yield lineOf(row);
}

/** Every image that is missing of a study, by name where it has one. */
export function* eachMissing(key: string, ledger: Pick<Read, 'partNotes'>): Generator<PartException> {
  const notes = eachRow(
    (page) => ledger.partNotes(key, page),
    ({ part }) => part,
  );
  for (const { note } of notes) yield JSON.parse(note) as PartException;
}

/** Every study that was gone from Orthanc before it was migrated. */
export function* eachVanished(ledger: Pick<Read, 'rows'>): Generator<WorkLine> {
  for (const line of eachLine(ledger)) if (line.outcome === vanished) yield line;
}

const whyVanished = 'Gone from Orthanc before it was migrated, by the word of Orthanc.';

function lineOf({ key, state, outcome, proof, code, message, mark, note }: ItemRow): WorkLine {
  const known = readNote(note);
  const search = nameOfSearch(key, mark);
  const kind = search === undefined ? 'study' : 'search';
  return {
    key,
    kind,
    ...(search !== undefined && { search }),
    date: (known?.date ?? '') || (kind === 'study' ? readMark(mark).date : ''),
    state,
    outcome,
    proof,
    images: known?.images ?? 0,
    missing: known?.missing ?? 0,
    code: codeOf({ state, code, outcome }, known),
    message: outcome === vanished ? whyVanished : message,
    differ: known?.differ ?? [],
  };
}

function codeOf(
  { state, code, outcome }: Pick<ItemRow, 'state' | 'code' | 'outcome'>,
  note?: StudyNote,
): string {
  if (outcome === vanished) return 'STUDY_VANISHED';
  return state === 'done' && note?.differ !== undefined ? identityConflict : code;
}
