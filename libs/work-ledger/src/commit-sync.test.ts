import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { DatabaseSync } from 'node:sqlite';
import { commitSync } from './commit-sync.ts';
import { openSqlite } from './sqlite.ts';

let folder: string;
let path: string;
let database: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commit-sync-'));
  path = join(folder, 'a.sqlite');
  database = openSqlite(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE t (a)');
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const add = (value: number) => database.exec(`INSERT INTO t VALUES (${String(value)})`);

/** A disk that answers when the test says so. */
function slowDisk() {
  const asked: PromiseWithResolvers<undefined>[] = [];
  const sync = async (): Promise<void> => {
    const answer = Promise.withResolvers<undefined>();
    asked.push(answer);
    await answer.promise;
  };
  return { asked, sync };
}

it('waits for the real disk, by the log of the database', async () => {
  using durable = commitSync(database, path);
  add(1);
  await expect(durable.synced()).resolves.toBeUndefined();
});

it('lets one wait after the other, as an error is told to one of them only', async () => {
  const disk = slowDisk();
  using durable = commitSync(database, path, disk.sync);
  add(1);
  const [first, second] = [durable.synced(), durable.synced()];
  await Promise.resolve();
  await Promise.resolve();
  expect(disk.asked).toHaveLength(1);
  disk.asked[0]?.resolve(undefined);
  await first;
  await Promise.resolve();
  expect(disk.asked).toHaveLength(2);
  disk.asked[1]?.resolve(undefined);
  await second;
});

it('believes no disk that has failed until the whole log is in the database', async () => {
  let fails = true;
  using durable = commitSync(database, path, () =>
    fails ? Promise.reject(new Error('EIO')) : Promise.resolve(),
  );
  add(1);
  await expect(durable.synced()).rejects.toMatchObject({ code: 'LEDGER_UNWRITABLE' });
  fails = false;
  await expect(durable.synced()).rejects.toMatchObject({ code: 'LEDGER_UNWRITABLE' });
  durable.clearDoubt();
  await expect(durable.synced()).resolves.toBeUndefined();
});

it('stays in doubt while somebody who reads keeps the log from being emptied', async () => {
  using durable = commitSync(database, path, () => Promise.reject(new Error('EIO')));
  add(1);
  const reader = openSqlite(path);
  reader.exec('BEGIN');
  reader.prepare('SELECT * FROM t').get();
  add(2);
  await expect(durable.synced()).rejects.toMatchObject({ code: 'LEDGER_UNWRITABLE' });
  expect(() => durable.clearDoubt()).toThrow(expect.objectContaining({ code: 'LEDGER_UNWRITABLE' }));
  reader.close();
  expect(() => durable.clearDoubt()).not.toThrow();
});
