/** Version 3: what an item looked like when it was recorded, and what the tool wants to know of it afterwards. */
export const marksAndNotes = `
ALTER TABLE item ADD COLUMN mark TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN note TEXT NOT NULL DEFAULT '';
CREATE TABLE part_note (
  item INTEGER NOT NULL,
  part TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (item, part)
) WITHOUT ROWID;
`;
