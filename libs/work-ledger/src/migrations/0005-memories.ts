/** Version 5: what is known of parts whatever becomes of their item. */
export const memories = `
CREATE TABLE memory (
  item INTEGER NOT NULL,
  part TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (item, part)
) WITHOUT ROWID;
`;
