import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ledgerFolder } from './ledger-folder.ts';
import { migrate } from './migrate.ts';
import { ledgerOver, openLedger } from './open-ledger.ts';
import { readLedger } from './read-ledger.ts';
import { openSqlite } from './sqlite.ts';

const copied = { outcome: 'copied', proof: 'id', parts: 2, bytes: 20 } as const;

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('openLedger', () => {
  it('refuses a second writer with one sentence that names the path', () => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    using first = openLedger(path);
    expect(failureOf(() => openLedger(path))).toMatchObject({
      kind: 'configuration',
      code: 'LEDGER_IN_USE',
      scope: 'run',
      message: `The ledger ${path} is in use by another process.`,
    });
    expect(first.tally().waiting).toBe(0);
  });

  it('lets the next writer in once the first has gone', () => {
    using folder = ledgerFolder();
    openLedger(folder.path('a.sqlite'))[Symbol.dispose]();
    using second = openLedger(folder.path('a.sqlite'));
    expect(second.interrupted).toBe(0);
  });

  it('knows whose it is, and lets no other tool take it over or reopen its items', () => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    openLedger(path, { identity: { folder: '/import' } })[Symbol.dispose]();
    // Of a release that did not note the tool yet.
    expect(failureOf(() => openLedger(path, { identity: { tool: 'cloner' } }))).toMatchObject({
      code: 'LEDGER_OF_ANOTHER_RUN',
      message: expect.stringMatching(/^--ledger-path \(LEDGER_PATH\): .*it notes a folder/),
    });
    openLedger(path, { identity: { tool: 'importer', folder: '/import' } })[Symbol.dispose]();
    for (const open of [
      () => openLedger(path, { identity: { tool: 'cloner' } }),
      () => readLedger(path, { tool: 'cloner' }),
    ])
      expect(failureOf(open)).toMatchObject({
        message: expect.stringContaining('its tool is importer, not cloner'),
      });
    using view = readLedger(path, { tool: 'importer' });
    expect(view.identity).toEqual({ tool: 'importer', folder: '/import' });
  });

  it('refuses the ledger of another source, and learns a name it did not know', () => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    openLedger(path, { identity: { source: 's1' } })[Symbol.dispose]();
    openLedger(path, { identity: { source: 's1', destination: 'd1' } })[Symbol.dispose]();
    const failure = failureOf(() => openLedger(path, { identity: { destination: 'd2' } }));
    expect(failure).toMatchObject({ kind: 'configuration', code: 'LEDGER_OF_ANOTHER_RUN' });
    using again = openLedger(path, { identity: { source: 's1' } });
    expect(again.identity).toEqual({ source: 's1', destination: 'd1' });
  });

  it.each([
    ['a text', 'hello, I am a long text that nobody would take for a database, would they? '.repeat(10)],
    ['a number', '12345\n'],
    ['a damaged ledger', `SQLite format 3\0${'x'.repeat(5000)}`],
  ])('never overwrites %s', (_what, content) => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    writeFileSync(path, content);
    expect(failureOf(() => openLedger(path))).toMatchObject({
      kind: 'configuration',
      code: 'LEDGER_UNREADABLE',
    });
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  it('never writes into the database of another program', () => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    const other = openSqlite(path);
    other.exec('CREATE TABLE recipe (name TEXT)');
    other.close();
    expect(failureOf(() => openLedger(path))).toMatchObject({ code: 'LEDGER_UNREADABLE' });
    const again = openSqlite(path);
    expect(again.prepare('SELECT count(*) AS n FROM sqlite_schema').get()).toMatchObject({ n: 1 });
    again.close();
  });

  it('names a place where nothing can be written', () => {
    using folder = ledgerFolder();
    writeFileSync(folder.path('file'), '');
    mkdirSync(folder.path('folder.sqlite'));
    for (const name of ['file/a.sqlite', 'folder.sqlite']) {
      expect(failureOf(() => openLedger(folder.path(name)))).toMatchObject({ code: 'LEDGER_UNWRITABLE' });
    }
    expect(failureOf(() => openLedger('/proc/x/a.sqlite'))).toMatchObject({
      message: '--ledger-path (LEDGER_PATH): the folder "/proc/x" cannot be made.',
    });
    chmodSync(folder.path('file'), 0o600);
  });

  it('refuses a ledger that a newer release wrote', () => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    openLedger(path)[Symbol.dispose]();
    const database = openSqlite(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(failureOf(() => openLedger(path))).toMatchObject({
      kind: 'configuration',
      code: 'LEDGER_TOO_NEW',
    });
  });
});

describe('a ledger of version 1', () => {
  function makeVersion1(path: string): void {
    const database = openSqlite(path);
    migrate(database, path, 1);
    database.exec(`
      INSERT INTO cursor VALUES ('changes', '99');
      INSERT INTO item (id, key, state, at, outcome, proof, parts, bytes) VALUES (1, 'a', 2, 5, 'copied', 'id', 4, 40);
      INSERT INTO item (id, key, state, at, attempts) VALUES (2, 'b', 1, 5, 1), (3, 'c', 0, 5, 0);
      INSERT INTO item (id, key, state, at, outcome, code) VALUES (4, 'd', 3, 5, 'copied', 'CUT');
      INSERT INTO part_exception VALUES (4, 'p1', 'CUT', ''), (4, 'p2', 'CUT', '');`);
    database.close();
  }
  const expected = {
    waiting: 2,
    done: 1,
    setAside: 1,
    parts: 4,
    bytes: 40,
    exceptionParts: 2,
    byCode: { CUT: 1 },
    byProof: { id: { items: 1, parts: 4 } },
  };

  it('is upgraded, with all that it knows', () => {
    using folder = ledgerFolder();
    makeVersion1(folder.path('a.sqlite'));
    using ledger = openLedger(folder.path('a.sqlite'));
    expect(ledger.tally()).toMatchObject(expected);
    expect(ledger.cursor('changes')).toBe('99');
    for (const claim of ledger.claimNext(1000, 5)) ledger.settle(claim, copied);
    expect(ledger.tally()).toMatchObject({ done: 3, parts: 8, byOutcome: { copied: 4 } });
  });

  it('is upgraded for reading too', () => {
    using folder = ledgerFolder();
    makeVersion1(folder.path('a.sqlite'));
    using view = readLedger(folder.path('a.sqlite'));
    expect(view.tally()).toMatchObject(expected);
  });

  it('stays as it is where it is not to be written to', () => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    makeVersion1(path);
    const before = readFileSync(path);
    expect(failureOf(() => readLedger(path, { upgrades: false }))).toMatchObject({
      kind: 'configuration',
      code: 'LEDGER_OLDER',
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe('readLedger', () => {
  it('knows whether a mover holds the ledger, and keeps none out', () => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    const ledger = openLedger(path);
    using view = readLedger(path);
    expect([view.isHeld(), ledger.isHeld()]).toEqual([true, true]);
    ledger[Symbol.dispose]();
    expect(view.isHeld()).toBe(false);
    using next = openLedger(path);
    expect([view.isHeld(), next.interrupted]).toEqual([true, 0]);
  });

  it('reads what is durable while a mover works, and requeues only when it rests', () => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    const mover = openLedger(path, { identity: { source: 's1' } });
    mover.enqueue([{ key: 'a' }], { name: 'changes', value: '3' });
    for (const claim of mover.claimNext(1000, 1)) mover.setAside(claim, { code: 'X', message: 'No.' });
    using view = readLedger(path);
    expect(view.tally().setAside).toBe(0);
    mover.flush();
    expect(view.tally().setAside).toBe(1);
    expect([view.cursor('changes'), view.identity]).toEqual(['3', { source: 's1' }]);
    expect(failureOf(() => view.requeue({ all: true }))).toMatchObject({ code: 'LEDGER_IN_USE' });
    mover[Symbol.dispose]();
    expect(view.requeue({ all: true })).toBe(1);
    expect(view.tally()).toMatchObject({ waiting: 1, setAside: 0 });
  });

  it('says so when there is no ledger, and makes none', () => {
    using folder = ledgerFolder();
    const read = () => readLedger(folder.path('a.sqlite'));
    expect(failureOf(read)).toMatchObject({ kind: 'configuration', code: 'LEDGER_MISSING' });
    expect(failureOf(read)).toMatchObject({ code: 'LEDGER_MISSING' });
  });
});

describe('a full disk', () => {
  it('stops the run, and keeps what was durable before', () => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    openLedger(path)[Symbol.dispose]();
    const database = openSqlite(path);
    database.exec('PRAGMA max_page_count = 40');
    const ledger = ledgerOver(database, path);
    const full = { kind: 'configuration', code: 'LEDGER_DISK_FULL', scope: 'run' };
    ledger.enqueue([{ key: 'kept' }], { name: 'changes', value: '1' });
    const many = Array.from({ length: 5000 }, (_, i) => ({ key: `item number ${String(i)}` }));
    expect(failureOf(() => ledger.enqueue(many, { name: 'changes', value: '2' }))).toMatchObject(full);
    expect(failureOf(() => ledger.tally())).toMatchObject(full);
    expect(
      failureOf(() => {
        ledger[Symbol.dispose]();
      }),
    ).toMatchObject(full);
    using again = openLedger(path);
    expect([again.cursor('changes'), again.tally().waiting]).toEqual(['1', 1]);
  });

  it('is told by the next call when it comes between calls', async () => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    openLedger(path)[Symbol.dispose]();
    const database = openSqlite(path);
    const ledger = ledgerOver(database, path);
    ledger.enqueue([{ key: 'a' }]);
    const [claim] = ledger.claimNext(1000, 1);
    // A reader in rollback mode makes COMMIT fail with SQLITE_BUSY, as another program on the file would.
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA busy_timeout = 0');
    const reader = openSqlite(path);
    reader.exec('BEGIN; SELECT * FROM item');
    reader.prepare('SELECT * FROM item').get();
    if (claim) ledger.settle(claim, copied);
    // The commit that nobody has asked for has been tried, and its transaction rolled back.
    while (database.isTransaction) await setImmediate();
    reader.close();
    expect(failureOf(() => ledger.nextReadyAt())).toMatchObject({ code: 'LEDGER_IN_USE' });
    database.close();
  });
});
