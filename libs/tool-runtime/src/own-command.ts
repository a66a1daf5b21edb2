import { configurationError } from '@orthanc-tools/failures';
import type { ExitCode } from '@orthanc-tools/failures';
import { declareOptions, resolveOptions } from '@orthanc-tools/tool-options';
import { checkOutputs } from './check-outputs.ts';
import { ownCommand, unknownCommand } from './commands.ts';
import { stateFolderIn } from './state-folder.ts';
import type { CompleteSurroundings } from './surroundings.ts';
import type { Tool } from './tool.ts';

/** A command that only this tool has. */
export async function performOwn(tool: Tool, name: string, host: CompleteSurroundings): Promise<ExitCode> {
  const command = ownCommand(tool, name);
  if (command === undefined) throw configurationError('COMMAND_UNKNOWN', unknownCommand(tool, name));
  const table = declareOptions({ ...command.options, ...tool.options });
  const resolved = await resolveOptions(table, { ...host, demandsRequired: false });
  const { values, positionals } = resolved;
  const [stray] = positionals;
  if (stray !== undefined && command.words === undefined)
    throw configurationError('COMMAND_UNKNOWN', unknownCommand(tool, stray));
  await checkOutputs(table, resolved);
  return command.perform(values, {
    words: positionals,
    print: (text) => void host.stdout.write(text),
    clock: host.clock,
    stateFolder: stateFolderIn(host.env),
  });
}
