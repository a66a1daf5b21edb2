import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../libs/work-ledger/src/make-ledger-command.ts', import.meta.url));

const make = (...argv: string[]): void => {
  execFileSync(process.execPath, ['--no-warnings', script, ...argv]);
};

/** A ledger as the first release left it: item-1 done, item-2 in hand, item-3 set aside. */
export const makeVersion1Ledger = (path: string): void => make('version-1', path);

/** Adds items that are done to an existing ledger, and leaves what was there in hand, as a killed process does. */
export const addManyItems = (path: string, count: number): void => make('many-items', path, String(count));
