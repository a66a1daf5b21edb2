// make-ledger-command.ts version-1 PATH | many-items PATH COUNT
// For tests of whole tools: makes a ledger as an old release left it, or fills an existing one as years of work would.
import { migrate } from './migrate.ts';
import { openSqlite } from './sqlite.ts';

const [kind, path = '', count = '0'] = process.argv.slice(2);

/** One item done, one in the hands of a process that died, one set aside with one part. */
function makeVersion1(): void {
  const database = openSqlite(path);
  migrate(database, path, 1);
  database.exec(`
    INSERT INTO item (id, key, state, at, outcome, proof, parts, bytes) VALUES (1, 'item-1', 2, 5, 'copied', 'id', 4, 40);
    INSERT INTO item (id, key, state, at, attempts) VALUES (2, 'item-2', 1, 5, 1);
    INSERT INTO item (id, key, state, at, outcome, code) VALUES (3, 'item-3', 3, 5, 'copied', 'INSTANCE_FILTERED');
    INSERT INTO part_exception VALUES (3, 'part-1', 'INSTANCE_FILTERED', 'Filtered out.');`);
  database.close();
}

/** Adds that many items that are done, and takes what was there in hand, as a process that dies at work leaves it. */
function addManyItems(): void {
  const database = openSqlite(path);
  database.exec(`PRAGMA synchronous = OFF; BEGIN;
    UPDATE item SET state = 1, attempts = 1;
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${String(Number(count))})
    INSERT INTO item (key, state, attempts, at, outcome, proof, parts, bytes)
      SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(4)) || '-' || hex(randomblob(4)) || '-' ||
        hex(randomblob(4)) || '-' || hex(randomblob(4))), 2, 1, 5, 'copied', 'id+md5', 150, 75000000 FROM number;
    COMMIT`);
  database.close();
}

if (kind === 'version-1') makeVersion1();
else if (kind === 'many-items') addManyItems();
else throw new Error('say version-1 or many-items');
