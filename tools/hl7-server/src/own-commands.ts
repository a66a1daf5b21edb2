import { count, duration, toggle } from '@orthanc-tools/tool-options';
import type { ToolCommand } from '@orthanc-tools/tool-runtime';

const group = 'This command';

const tryCommand: ToolCommand = {
  name: 'try',
  summary: 'Show what a message, given as a file or as "-", would become with this profile; changes nothing.',
  words: 'MESSAGE…',
  options: { json: toggle({ group, flagOnly: true, describe: 'Print JSON instead of text.' }) },
  perform: async (values, context) => (await import('./try-messages.ts')).tryMessages(values, context),
};

const replayCommand: ToolCommand = {
  name: 'replay',
  summary: 'Apply messages of the journal again: after a change of profile, or when worklists were lost.',
  options: {
    message: count({
      group,
      flagOnly: true,
      describe: 'The message with this number in the journal.',
      min: 1,
    }),
    since: duration({ group, flagOnly: true, describe: 'All messages of so long ago and later.' }),
    refused: toggle({ group, flagOnly: true, describe: 'All that were refused, or could not be stored.' }),
  },
  perform: async (values, context) => (await import('./replay-messages.ts')).replayMessages(values, context),
};

/** What this tool has beside the commands of every tool; loaded when used. */
export const ownCommands: readonly ToolCommand[] = [tryCommand, replayCommand];
