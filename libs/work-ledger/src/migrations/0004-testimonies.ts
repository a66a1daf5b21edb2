/** Version 4: what items say of a subject, and what was made of it. A verdict is NULL until somebody has judged. */
export const testimonies = `
CREATE TABLE subject (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, verdict TEXT);
CREATE INDEX subject_open ON subject (id) WHERE verdict IS NULL OR verdict <> '';
CREATE TABLE testimony (
  subject INTEGER NOT NULL,
  value TEXT NOT NULL,
  item INTEGER NOT NULL,
  PRIMARY KEY (subject, value, item)
) WITHOUT ROWID;
CREATE INDEX testimony_item ON testimony (item);
`;
