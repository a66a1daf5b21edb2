/** Version 1: items, cursors, parts set aside. States: 0 waiting, 1 in hand, 2 done, 3 set aside. */
export const items = `
CREATE TABLE identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE cursor (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE item (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  state INTEGER NOT NULL DEFAULT 0,
  priority INTEGER NOT NULL DEFAULT 0,
  ready_at INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  generation INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  progressed INTEGER NOT NULL DEFAULT 0,
  parts INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL DEFAULT '',
  proof TEXT NOT NULL DEFAULT '',
  code TEXT NOT NULL DEFAULT '',
  message TEXT NOT NULL DEFAULT ''
);
-- Partial indexes: an item that is done, as nearly all are in the end, stands in none of them.
CREATE INDEX item_ready ON item (priority DESC, id) WHERE state = 0 AND ready_at = 0;
CREATE INDEX item_delayed ON item (ready_at, at) WHERE state = 0 AND ready_at > 0;
CREATE INDEX item_in_hand ON item (state) WHERE state = 1;
CREATE INDEX item_set_aside ON item (state) WHERE state = 3;
CREATE INDEX item_suspect ON item (crashes) WHERE crashes >= 3;

CREATE TABLE part_exception (
  item INTEGER NOT NULL,
  part TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (item, part)
) WITHOUT ROWID;
`;
