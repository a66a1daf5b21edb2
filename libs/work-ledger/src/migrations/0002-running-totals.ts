/** Version 2: totals kept by triggers. Counting a million rows for each line of progress would cost more than the work. */
export const runningTotals = `
ALTER TABLE item ADD COLUMN exceptions INTEGER NOT NULL DEFAULT 0;
UPDATE item SET exceptions = (SELECT count(*) FROM part_exception WHERE part_exception.item = item.id)
  WHERE id IN (SELECT item FROM part_exception);

CREATE TABLE total (
  state INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  proof TEXT NOT NULL,
  code TEXT NOT NULL,
  items INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  exceptions INTEGER NOT NULL,
  PRIMARY KEY (state, outcome, proof, code)
) WITHOUT ROWID;
INSERT INTO total
  SELECT state, outcome, proof, code, count(*), sum(parts), sum(bytes), sum(exceptions) FROM item
  GROUP BY state, outcome, proof, code;

CREATE TRIGGER item_counted AFTER INSERT ON item BEGIN
  INSERT INTO total VALUES (new.state, new.outcome, new.proof, new.code, 1, new.parts, new.bytes, new.exceptions)
    ON CONFLICT DO UPDATE SET items = items + 1, parts = parts + new.parts, bytes = bytes + new.bytes,
      exceptions = exceptions + new.exceptions;
END;
CREATE TRIGGER item_recounted AFTER UPDATE OF state, outcome, proof, code, parts, bytes, exceptions ON item BEGIN
  UPDATE total SET items = items - 1, parts = parts - old.parts, bytes = bytes - old.bytes,
      exceptions = exceptions - old.exceptions
    WHERE state = old.state AND outcome = old.outcome AND proof = old.proof AND code = old.code;
  INSERT INTO total VALUES (new.state, new.outcome, new.proof, new.code, 1, new.parts, new.bytes, new.exceptions)
    ON CONFLICT DO UPDATE SET items = items + 1, parts = parts + new.parts, bytes = bytes + new.bytes,
      exceptions = exceptions + new.exceptions;
END;
`;
