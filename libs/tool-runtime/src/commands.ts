import { configurationError, exitCodeMeanings } from '@orthanc-tools/failures';
import { declareOptions, renderHelp, textList, toggle } from '@orthanc-tools/tool-options';
import type { OptionTable } from '@orthanc-tools/tool-options';
import type { Tool, ToolCommand } from './tool.ts';

export type CommandName = 'run' | 'plan' | 'status' | 'requeue' | 'doctor';

interface Command {
  readonly name: string;
  readonly summary: string;
}

const group = 'This command';

const jsonOption = { json: toggle({ group, flagOnly: true, describe: 'Print JSON instead of text.' }) };

/** The options of `status` and `doctor` beside those of the tool. */
export const viewOptions = jsonOption;

/** The options of `requeue` beside those of the tool. */
export const requeueOptions = {
  all: toggle({ group, flagOnly: true, describe: 'Try everything again that was set aside.' }),
  key: textList({
    group,
    flagOnly: true,
    describe: 'Try these items again, as "status" names them.',
    placeholder: 'KEY,…',
  }),
  code: textList({
    group,
    flagOnly: true,
    describe: 'Try again what was set aside with one of these codes.',
    placeholder: 'CODE,…',
  }),
  ...jsonOption,
};

/** The commands of a tool; `run` is what it does when none is named. */
function commandsOf(tool: Tool): readonly Command[] {
  return [
    { name: 'run', summary: 'Do the work. This is what happens without a command.' },
    ...(tool.plan === undefined
      ? []
      : ([{ name: 'plan', summary: 'Count what a run would do; changes nothing.' }] as const)),
    ...(tool.work === undefined
      ? []
      : ([
          {
            name: 'status',
            summary: 'Show what is done, what waits and what was set aside; changes nothing.',
          },
          { name: 'requeue', summary: 'Let items that were set aside be tried again.' },
        ] as const)),
    ...(tool.doctor === undefined
      ? []
      : ([{ name: 'doctor', summary: 'Look at servers and settings, and say what to correct.' }] as const)),
    ...(tool.commands ?? []),
  ];
}

/** What the tool itself has under this name, beside the commands that all tools have. */
export function ownCommand(tool: Tool, name: string): ToolCommand | undefined {
  return tool.commands?.find((command) => command.name === name);
}

export interface ChosenCommand {
  readonly name: string;
  /** What follows the command. */
  readonly argv: readonly string[];
}

/**
 * The command comes first, if there is one.
 * @throws configuration `COMMAND_UNKNOWN`
 */
export function chooseCommand(tool: Tool, argv: readonly string[]): ChosenCommand {
  const [first] = argv;
  if (first === undefined || first.startsWith('-')) return { name: 'run', argv };
  const known = commandsOf(tool);
  const command = known.find(({ name }) => name === first);
  if (command !== undefined) return { name: command.name, argv: argv.slice(1) };
  throw configurationError('COMMAND_UNKNOWN', unknownCommand(tool, first));
}

/** What to say of a word that is neither an option nor a command in its place. */
export function unknownCommand(tool: Tool, word: string): string {
  const known = commandsOf(tool).map(({ name }) => name);
  if (known.some((name) => name === word)) {
    return `the command comes first: ${tool.command} ${word} [options]`;
  }
  // Whatever holds an @ may be an address with a password.
  const shown = word.includes('@') ? 'a word was given that' : `"${word}"`;
  return `${shown} is not a command; there are ${known.join(', ')}. "${tool.command} --help" explains them.`;
}

/** The option table of a command. */
function tableOf(tool: Tool, name: string): OptionTable {
  if (name === 'requeue') return declareOptions({ ...requeueOptions, ...tool.options });
  return isRunLike(name) ? tool.options : declareOptions({ ...viewOptions, ...tool.options });
}

const isRunLike = (name: string) => name === 'run' || name === 'plan';

const worksOnServers = (name: string) => isRunLike(name) || name === 'doctor';

/** The options that `status` and `requeue` use among those of the tool. */
export function usedAmong(tool: Tool, name: string): OptionTable {
  return Object.fromEntries(
    Object.entries(tool.options).filter(([, { commands }]) => commands.includes(name)),
  );
}

function shownTable(tool: Tool, name: string): OptionTable {
  if (worksOnServers(name)) return tableOf(tool, name);
  const { config } = tool.options;
  const own = ownCommand(tool, name);
  if (own !== undefined) return { ...own.options, ...usedAmong(tool, name), config };
  return { ...(name === 'requeue' ? requeueOptions : viewOptions), ...usedAmong(tool, name), config };
}

function notesFor(tool: Tool, name: string): readonly string[] {
  if (name === 'run') return tool.notes ?? [];
  if (worksOnServers(name)) return [];
  return [
    `The other options of ${tool.command} are accepted after "${name}" and not used, so that the command line of a run can be given as it is.`,
  ];
}

/** The help page of a command. */
export function helpFor(tool: Tool, name: string, width: number): string {
  const isWhole = name === 'run';
  const command = commandsOf(tool).find((one) => one.name === name);
  return renderHelp(shownTable(tool, name), {
    command: isWhole
      ? tool.command
      : [tool.command, name, ownCommand(tool, name)?.words ?? ''].join(' ').trim(),
    summary: isWhole ? tool.summary : (command?.summary ?? ''),
    commands: isWhole ? commandsOf(tool) : [],
    examples: isWhole ? tool.examples : tool.examples.filter((example) => example.includes(` ${name}`)),
    notes: notesFor(tool, name),
    exitCodes: exitCodeMeanings.filter(({ code }) => tool.unusedExitCodes?.includes(code) !== true),
    demandsRequired: worksOnServers(name),
    width,
  });
}
