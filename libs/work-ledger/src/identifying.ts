import type { DatabaseSync } from 'node:sqlite';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { identityIn } from './viewing.ts';

type Identity = Readonly<Record<string, string>>;

/**
 * Refuses a ledger that says otherwise; and one that does not say yet which tool it is of, where it notes what this tool
 * never does.
 * @throws configuration `LEDGER_OF_ANOTHER_RUN`
 */
export function refuseStrange(path: string, known: Identity, identity: Identity): void {
  const contradiction = Object.entries(identity).find(([name, value]) => (known[name] ?? value) !== value);
  if (contradiction !== undefined) {
    const [name, value] = contradiction;
    throw ofAnother(path, `its ${name} is ${known[name] ?? ''}, not ${value}`);
  }
  const foreign = Object.keys(known).find((name) => identity[name] === undefined);
  if (identity['tool'] !== undefined && known['tool'] === undefined && foreign !== undefined)
    throw ofAnother(path, `it notes a ${foreign}, and is of another tool`);
}

const ofAnother = (path: string, why: string): Error =>
  configurationError(
    'LEDGER_OF_ANOTHER_RUN',
    `${nameOf('ledgerPath')}: the ledger ${path} belongs to another run: ${why}.`,
    { scope: 'run' },
  );

/**
 * Notes whose work the ledger records, or compares it with what was noted.
 * @throws configuration `LEDGER_OF_ANOTHER_RUN`
 */
export function identify(database: DatabaseSync, path: string, identity: Identity): void {
  const known = identityIn(database);
  const note = database.prepare('INSERT INTO identity (name, value) VALUES (?, ?)');
  refuseStrange(path, known, identity);
  for (const [name, value] of Object.entries(identity)) {
    if (known[name] === undefined) note.run(name, value);
  }
}
