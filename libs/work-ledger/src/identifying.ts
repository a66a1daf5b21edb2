import type { DatabaseSync } from 'node:sqlite';
import { configurationError } from '@orthanc-tools/failures';
import { identityIn } from './viewing.ts';

/**
 * Notes whose work the ledger records, or compares it with what was noted.
 * @throws configuration `LEDGER_OF_ANOTHER_RUN`
 */
export function identify(
  database: DatabaseSync,
  path: string,
  identity: Readonly<Record<string, string>>,
): void {
  const known = identityIn(database);
  const note = database.prepare('INSERT INTO identity (name, value) VALUES (?, ?)');
  const strange = Object.entries(identity).find(([name, value]) => (known[name] ?? value) !== value);
  if (strange) {
    const [name, value] = strange;
    throw configurationError(
      'LEDGER_OF_ANOTHER_RUN',
      `The ledger ${path} belongs to another run: its ${name} is ${known[name] ?? ''}, not ${value}.`,
      { scope: 'run' },
    );
  }
  for (const [name, value] of Object.entries(identity)) {
    if (known[name] === undefined) note.run(name, value);
  }
}
