import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';

/** Without the warning of Node 22 that its SQLite may change: the operator can do nothing about it. */
function loadQuietly(): typeof Sqlite {
  const warn = process.emitWarning;
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = warn;
  }
}

/** SQLite is loaded when first needed: `--help` has no use for it. */
export function openSqlite(path: string, options: { readOnly?: boolean } = {}): DatabaseSync {
  const { DatabaseSync: Database } = loadQuietly();
  return new Database(path, options);
}

export function numberIn(row: Readonly<Record<string, unknown>> | undefined, column: string): number {
  const value = row?.[column];
  return typeof value === 'number' ? value : Number(value ?? 0);
}

export function textIn(row: Readonly<Record<string, unknown>> | undefined, column: string): string {
  const value = row?.[column];
  return typeof value === 'string' ? value : '';
}
