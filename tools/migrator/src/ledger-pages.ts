import type { ItemRow, LedgerView, PartException } from '@orthanc-tools/work-ledger';
import type { StudyNote } from './conclude-study.ts';
import { readMark } from './study-mark.ts';
import { workOf } from './work-keys.ts';

const pageSize = 1000;

/** One study or search, as reports tell it; without patient data. */
export interface WorkLine {
  readonly key: string;
  readonly kind: 'study' | 'search';
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
  let after: string | undefined;
  for (;;) {
    const rows = ledger.rows({ limit: pageSize, ...(after !== undefined && { after }) });
    yield* rows.map(lineOf);
    after = rows.at(-1)?.key;
    if (rows.length < pageSize) return;
  }
}

/** Every image that is missing of a study, by name where it has one. */
export function* eachMissing(key: string, ledger: Pick<Read, 'partNotes'>): Generator<PartException> {
  let after: string | undefined;
  for (;;) {
    const notes = ledger.partNotes(key, { limit: pageSize, ...(after !== undefined && { after }) });
    yield* notes.map(({ note }) => JSON.parse(note) as PartException);
    after = notes.at(-1)?.part;
    if (notes.length < pageSize) return;
  }
}

function lineOf({ key, state, outcome, proof, code, message, mark, note }: ItemRow): WorkLine {
  const known = note === '' ? undefined : (JSON.parse(note) as StudyNote);
  const kind = workOf(key).is === 'study' ? 'study' : 'search';
  return {
    key,
    kind,
    date: (known?.date ?? '') || (kind === 'study' ? readMark(mark).date : ''),
    state,
    outcome,
    proof,
    images: known?.images ?? 0,
    missing: known?.missing ?? 0,
    code: state === 'done' && known?.differ !== undefined ? 'IDENTITY_CONFLICT' : code,
    message,
    differ: known?.differ ?? [],
  };
}
