import { configurationError, exitCodes } from '@orthanc-tools/failures';
import { count, duration, toggle } from '@orthanc-tools/tool-options';
import type { ToolCommand } from '@orthanc-tools/tool-runtime';
import { isLockedForWriting, visitStore } from '@orthanc-tools/work-ledger';
import { journalShape } from './journal-shape.ts';
import { journalPlace } from './run-server.ts';

const group = 'This command';

const options = {
  message: count({ group, flagOnly: true, describe: 'The message with this number in the journal.', min: 1 }),
  since: duration({ group, flagOnly: true, describe: 'All messages of so long ago and later.' }),
  refused: toggle({ group, flagOnly: true, describe: 'All that were refused, or could not be stored.' }),
};

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

/** `replay`: messages of the journal take effect again, in their order. The server does it, at once or when it is started. */
export const replayCommand: ToolCommand = {
  name: 'replay',
  summary: 'Apply messages of the journal again: after a change of profile, or when worklists were lost.',
  options,
  perform: (values, { print, clock, stateFolder }) => {
    const path = journalPlace(values['journalPath'] as string | undefined, stateFolder);
    const { where, value } = selectedBy(values, clock.now().getTime());
    using store = visitStore(path, journalShape);
    const changes = store.named(() =>
      Number(store.database.prepare(`UPDATE messages SET replay = 1 WHERE ${where}`).run(value).changes),
    );
    const when = isLockedForWriting(path) ? 'now' : 'when the server is started';
    print(`${String(changes)} messages are applied again ${when}.\n`);
    return Promise.resolve(exitCodes.done);
  },
};
