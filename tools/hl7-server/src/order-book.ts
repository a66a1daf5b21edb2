import type { Attributes } from '@orthanc-tools/dicom-files';
import type { SqliteDatabase } from '@orthanc-tools/work-ledger';
import type { OrderIdentity, ScopedId } from './order-identity.ts';

export interface KnownOrder {
  readonly id: number;
  readonly identity: OrderIdentity;
  readonly studyUid: string;
  readonly messageTime: string;
}

/** `open`: its worklist is there. `hidden`: on hold. `closed`: cancelled, done, or its time is over. */
export type StepState = 'open' | 'hidden' | 'closed';

export interface KnownStep {
  readonly orderId: number;
  readonly stepId: string;
  /** Whether a message named it so; otherwise the name was made up. */
  readonly isNamed: boolean;
  /** Of the worklist, without ending. */
  readonly name: string;
  readonly attributes: Attributes;
  /** The character set in which it is written, if possible. */
  readonly terms: readonly string[];
  /** In ms since 1970, as the two below. */
  readonly startsAt: number;
  /** When its worklist was last changed by whatever it was. */
  readonly writtenAt: number;
  /** Since when an examination is wanted: changes of what is open already do not count. */
  readonly orderedAt: number;
  readonly state: StepState;
}

/** The orders that messages spoke of. Every change belongs to the transaction around it. */
export interface OrderBook {
  /** All that have a number in common with the identity, and may be of its patient. */
  candidates(identity: OrderIdentity): readonly KnownOrder[];
  /** All for the study, also those whose worklists are gone. */
  ofStudy(studyUid: string): readonly KnownOrder[];
  /** Those with open worklists for the study. */
  openOfStudy(studyUid: string): readonly KnownOrder[];
  /** Study UIDs of open worklists, in their order, after the given one. */
  openStudies(after: string, limit: number): readonly string[];
  ofPatient(patientId: string): readonly KnownOrder[];
  add(order: Omit<KnownOrder, 'id'>, nowMs: number): number;
  update(order: KnownOrder, nowMs: number): void;
  steps(orderId: number): readonly KnownStep[];
  isNameTaken(name: string): boolean;
  put(step: KnownStep): void;
  /** A step whose name was made up is called by its own from now on. */
  rename(step: Pick<KnownStep, 'orderId' | 'stepId'>, stepId: string): void;
  /** Open worklists whose time is over at the moment. */
  overdue(
    before: { readonly startMs: number; readonly writtenMs: number },
    limit: number,
  ): readonly KnownStep[];
  /** Names of open worklists that were last written before. */
  open(beforeMs: number): readonly string[];
  /** Its worklist is no longer there; one that was written meanwhile is. */
  close(name: string, beforeMs: number): void;
  counts(): { readonly orders: number; readonly open: number };
}

type Row = Readonly<Record<string, unknown>>;

const text = (row: Row, column: string): string => String(row[column] ?? '');
const number = (row: Row, column: string): number => Number(row[column] ?? 0);

function scoped(row: Row, column: string): ScopedId | undefined {
  const id = text(row, column);
  return id === '' ? undefined : { id, scope: text(row, `${column}_scope`) };
}

function orderIn(row: Row): KnownOrder {
  const patient = row['patient'];
  return {
    id: number(row, 'id'),
    studyUid: text(row, 'study_uid'),
    messageTime: text(row, 'message_time'),
    identity: {
      placer: scoped(row, 'placer'),
      filler: scoped(row, 'filler'),
      accession: text(row, 'accession'),
      hasOwnAccession: number(row, 'has_own_accession') === 1,
      patient:
        typeof patient === 'string'
          ? {
              id: patient,
              scope: text(row, 'patient_scope'),
              name: text(row, 'patient_name'),
              birthDate: text(row, 'birth_date'),
            }
          : undefined,
      sender: text(row, 'sender'),
    },
  };
}

function stepIn(row: Row): KnownStep {
  return {
    orderId: number(row, 'order_id'),
    stepId: text(row, 'step_id'),
    isNamed: number(row, 'is_named') === 1,
    name: text(row, 'name'),
    attributes: JSON.parse(text(row, 'attributes')) as Attributes,
    terms: JSON.parse(text(row, 'terms')) as string[],
    startsAt: number(row, 'starts_at'),
    writtenAt: number(row, 'written_at'),
    orderedAt: number(row, 'ordered_at'),
    state: text(row, 'state') as StepState,
  };
}

type Parameters = (string | number | null)[];

function parametersOf(
  { identity, studyUid, messageTime }: Omit<KnownOrder, 'id'>,
  nowMs: number,
): Parameters {
  const { placer, filler, patient } = identity;
  return [
    ...[placer?.id ?? '', placer?.scope ?? '', filler?.id ?? '', filler?.scope ?? ''],
    ...[identity.accession, identity.hasOwnAccession ? 1 : 0],
    ...[patient?.id ?? null, patient?.scope ?? '', patient?.name ?? '', patient?.birthDate ?? ''],
    ...[identity.sender, studyUid, messageTime, nowMs],
  ];
}

const columns =
  'placer, placer_scope, filler, filler_scope, accession, has_own_accession, patient, patient_scope, patient_name, birth_date, sender, study_uid, message_time, updated_at';

export function orderBook(database: SqliteDatabase): OrderBook {
  const byNumbers = database.prepare(
    `SELECT * FROM orders
     WHERE ((placer <> '' AND placer = ?) OR (filler <> '' AND filler = ?) OR (accession <> '' AND accession = ?))
       AND (? OR patient IS NULL OR patient = ?)
     ORDER BY id DESC LIMIT 1000`,
  );
  const byStudy = database.prepare(
    `SELECT * FROM orders WHERE study_uid = ? AND EXISTS (SELECT 1 FROM steps WHERE order_id = orders.id AND state <> 'closed') LIMIT 100`,
  );
  const everyByStudy = database.prepare('SELECT * FROM orders WHERE study_uid = ? LIMIT 100');
  const openStudies = database.prepare(
    `SELECT DISTINCT study_uid FROM orders WHERE study_uid > ? AND EXISTS (SELECT 1 FROM steps WHERE order_id = orders.id AND state = 'open') ORDER BY study_uid LIMIT ?`,
  );
  const byPatient = database.prepare('SELECT * FROM orders WHERE patient = ?');
  const insert = database.prepare(
    `INSERT INTO orders (${columns}) VALUES (${columns.replaceAll(/\w+/g, '?')})`,
  );
  const change = database.prepare(
    `UPDATE orders SET ${columns.replaceAll(/\w+/g, (column) => `${column} = ?`)} WHERE id = ?`,
  );
  const ofOrder = database.prepare('SELECT * FROM steps WHERE order_id = ?');
  const byName = database.prepare('SELECT 1 FROM steps WHERE name = ?');
  const putStep = database.prepare(
    `INSERT INTO steps (order_id, step_id, is_named, name, attributes, terms, starts_at, written_at, ordered_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (order_id, step_id) DO UPDATE SET is_named = excluded.is_named, attributes = excluded.attributes, terms = excluded.terms,
       starts_at = excluded.starts_at, written_at = excluded.written_at, ordered_at = excluded.ordered_at, state = excluded.state`,
  );
  const rename = database.prepare('UPDATE steps SET step_id = ? WHERE order_id = ? AND step_id = ?');
  const overdue = database.prepare(
    `SELECT * FROM steps WHERE state = 'open' AND starts_at < ? AND written_at < ? LIMIT ?`,
  );
  const open = database.prepare(`SELECT name FROM steps WHERE state = 'open' AND written_at < ?`);
  const close = database.prepare(`UPDATE steps SET state = 'closed' WHERE name = ? AND written_at < ?`);
  const count = database.prepare(
    `SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM steps WHERE state = 'open') AS open`,
  );
  return {
    candidates: ({ placer, filler, accession, patient }) =>
      byNumbers
        .all(
          ...[placer?.id ?? '', filler?.id ?? '', accession],
          ...[patient === undefined ? 1 : 0, patient?.id ?? ''],
        )
        .map(orderIn),
    ofStudy: (uid) => everyByStudy.all(uid).map(orderIn),
    openOfStudy: (uid) => byStudy.all(uid).map(orderIn),
    openStudies: (after, limit) => openStudies.all(after, limit).map((row) => text(row, 'study_uid')),
    ofPatient: (patientId) => byPatient.all(patientId).map(orderIn),
    add: (order, nowMs) => Number(insert.run(...parametersOf(order, nowMs)).lastInsertRowid),
    update: (order, nowMs) => void change.run(...parametersOf(order, nowMs), order.id),
    steps: (orderId) => ofOrder.all(orderId).map(stepIn),
    isNameTaken: (name) => byName.get(name) !== undefined,
    put: ({ orderId, stepId, isNamed, name, attributes, terms, startsAt, writtenAt, orderedAt, state }) =>
      void putStep.run(
        ...[orderId, stepId, isNamed ? 1 : 0, name, JSON.stringify(attributes), JSON.stringify(terms)],
        ...[startsAt, writtenAt, orderedAt, state],
      ),
    rename: ({ orderId, stepId }, own) => void rename.run(own, orderId, stepId),
    overdue: ({ startMs, writtenMs }, limit) => overdue.all(startMs, writtenMs, limit).map(stepIn),
    close: (name, beforeMs) => void close.run(name, beforeMs),
    open: (beforeMs) => open.all(beforeMs).map((row) => text(row, 'name')),
    counts: () => {
      const row = count.get() ?? {};
      return { orders: number(row, 'orders'), open: number(row, 'open') };
    },
  };
}
