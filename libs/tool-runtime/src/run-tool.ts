import { exitCodes } from '@orthanc-tools/failures';
import type { ExitCode } from '@orthanc-tools/failures';
import { chooseCommand, helpFor } from './commands.ts';
import type { ChosenCommand, CommandName } from './commands.ts';
import type { CompleteSurroundings, Surroundings } from './surroundings.ts';
import { completeSurroundings } from './surroundings.ts';
import { tellFailure } from './tell-failure.ts';
import type { Tool } from './tool.ts';

type Perform = (tool: Tool, host: CompleteSurroundings) => Promise<ExitCode>;

// Each command is loaded when it is used: --help and status must not pay for the others.
const commands: Readonly<Record<CommandName, () => Promise<Perform>>> = {
  run: async () => (await import('./run-command.ts')).performRun,
  plan: async () => (await import('./run-command.ts')).performPlan,
  status: async () => (await import('./status-command.ts')).showStatus,
  requeue: async () => (await import('./status-command.ts')).requeueWork,
  doctor: async () => (await import('./doctor-command.ts')).showDoctor,
};

const isCommon = (name: string): name is CommandName => Object.hasOwn(commands, name);

const standardWidth = 80;

function asksFor(argv: readonly string[], ...words: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).some((word) => words.includes(word));
}

async function perform(tool: Tool, host: CompleteSurroundings): Promise<ExitCode> {
  const argv = host.argv[0] === 'help' ? [...host.argv.slice(1), '--help'] : host.argv;
  if (asksFor(argv, '--version', '-V')) {
    host.stdout.write(`${tool.command} ${tool.version}\n`);
    return exitCodes.done;
  }
  const command: ChosenCommand = chooseCommand(tool, argv);
  if (asksFor(argv, '--help', '-h')) {
    host.stdout.write(helpFor(tool, command.name, host.stdout.columns ?? standardWidth));
    return exitCodes.done;
  }
  const rest = { ...host, argv: command.argv };
  if (!isCommon(command.name)) return (await import('./own-command.ts')).performOwn(tool, command.name, rest);
  const start = await commands[command.name]();
  return start(tool, rest);
}

/**
 * Runs a tool as a command: sub-command, options, log, signals, run, report, summary.
 * Never throws: what goes wrong is told on stderr. Answers the exit code.
 */
export async function runTool(tool: Tool, surroundings: Surroundings = {}): Promise<ExitCode> {
  const host = completeSurroundings(surroundings);
  try {
    return await perform(tool, host);
  } catch (error) {
    return tellFailure(error, tool.command, host.stderr);
  }
}
