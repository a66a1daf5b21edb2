import { type ExitCode, configurationError, exitCodes } from '@orthanc-tools/failures';
import type { CommandContext } from '@orthanc-tools/tool-runtime';
import { isLockedForWriting, visitStore } from '@orthanc-tools/work-ledger';
import { journalShape } from './journal-shape.ts';
import { journalPlace } from './journal-place.ts';

interface Selected {
  readonly where: string;
  readonly value: number;
}

function selectedBy(values: Readonly<Record<string, unknown>>, nowMs: number): Selected {
  const { message, since, refused } = values;
  if (typeof message === 'number') return { where: 'id = ?', value: message };
  if (typeof since === 'number') return { where: 'received_at >= ?', value: nowMs - since };
  if (refused === true) return { where: `outcome <> 'applied' AND id > ?`, value: 0 };
  throw configurationError(
    'REPLAY_UNCLEAR',
    'say what is to be applied again: --message NUMBER, --since TIME, or --refused.',
  );
}

/** Lets messages of the journal take effect again, in their order: the server does it, at once or when it is started. */
export function replayMessages(
  values: Readonly<Record<string, unknown>>,
  { print, clock, stateFolder }: CommandContext,
): Promise<ExitCode> {
  const path = journalPlace(values['journalPath'] as string | undefined, stateFolder);
  const { where, value } = selectedBy(values, clock.now().getTime());
  using store = visitStore(path, journalShape);
  const changes = store.named(() =>
    Number(store.database.prepare(`UPDATE messages SET replay = 1 WHERE ${where}`).run(value).changes),
  );
  const when = isLockedForWriting(path) ? 'now' : 'when the server is started';
  print(`${String(changes)} messages are applied again ${when}.\n`);
  return Promise.resolve(exitCodes.done);
}
