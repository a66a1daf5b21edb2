import type { StoreShape } from '@orthanc-tools/work-ledger';

const first = `
CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  received_at INTEGER NOT NULL,
  address TEXT NOT NULL,
  control_id TEXT NOT NULL,
  type TEXT NOT NULL,
  digest BLOB NOT NULL,
  content BLOB NOT NULL,
  outcome TEXT NOT NULL,
  condition TEXT,
  detail TEXT,
  replies TEXT NOT NULL,
  replay INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX messages_digest ON messages (digest);
CREATE INDEX messages_received ON messages (received_at);
CREATE INDEX messages_refused ON messages (outcome, id) WHERE outcome IN ('refused', 'failed');
CREATE INDEX messages_replay ON messages (replay) WHERE replay = 1;
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  placer TEXT NOT NULL, placer_scope TEXT NOT NULL,
  filler TEXT NOT NULL, filler_scope TEXT NOT NULL,
  accession TEXT NOT NULL, has_own_accession INTEGER NOT NULL,
  patient TEXT, patient_scope TEXT NOT NULL, patient_name TEXT NOT NULL, birth_date TEXT NOT NULL,
  sender TEXT NOT NULL,
  study_uid TEXT NOT NULL,
  message_time TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_placer ON orders (placer) WHERE placer <> '';
CREATE INDEX orders_filler ON orders (filler) WHERE filler <> '';
CREATE INDEX orders_accession ON orders (accession) WHERE accession <> '';
CREATE INDEX orders_study ON orders (study_uid);
CREATE INDEX orders_patient ON orders (patient);
CREATE INDEX orders_updated ON orders (updated_at);
CREATE TABLE steps (
  order_id INTEGER NOT NULL REFERENCES orders (id),
  step_id TEXT NOT NULL,
  is_named INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE,
  attributes TEXT NOT NULL,
  terms TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  written_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (order_id, step_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX steps_open ON steps (starts_at) WHERE state = 'open';
`;

/** When a step was ordered that has been rewritten since, nobody knows any more: it counts as ordered then. */
const orderedAt = `
ALTER TABLE steps ADD COLUMN ordered_at INTEGER NOT NULL DEFAULT 0;
UPDATE steps SET ordered_at = written_at;
`;

/** "HL7J": messages and their answers, the orders they spoke of, and the worklists made of these. Patient data stays in here. */
export const journalShape: StoreShape = {
  applicationId: 0x484c374a,
  migrations: [first, orderedAt],
  option: 'journalPath',
};
