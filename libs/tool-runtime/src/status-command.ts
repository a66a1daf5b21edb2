import { configurationError, exitCodes } from '@orthanc-tools/failures';
import type { ExitCode } from '@orthanc-tools/failures';
import { declareOptions, resolveOptions } from '@orthanc-tools/tool-options';
import { requeueOptions, unknownCommand, viewOptions } from './commands.ts';
import { stateFolderIn } from './state-folder.ts';
import type { CompleteSurroundings } from './surroundings.ts';
import type { Tool } from './tool.ts';
import type { SetAsideRow, WorkTally, WorkView } from './work-view.ts';
import { counted, inBytes, inDigits, inTime } from './wording.ts';

const longestList = 20;
const longestJsonList = 1000;

function refuseStray(tool: Tool, [stray]: readonly string[]): void {
  if (stray !== undefined) throw configurationError('COMMAND_UNKNOWN', unknownCommand(tool, stray));
}

/** `status`: shows a tool's work and changes nothing, also while the tool runs. */
export async function showStatus(tool: Tool, host: CompleteSurroundings): Promise<ExitCode> {
  const table = declareOptions({ ...viewOptions, ...tool.options });
  const { values, positionals } = await resolveOptions(table, { ...host, demandsRequired: false });
  refuseStray(tool, positionals);
  using view = await openedWork(tool, values, host);
  const tally = view.tally();
  const setAside = view.setAsideRows({ limit: values.json ? longestJsonList : longestList });
  host.stdout.write(
    values.json
      ? `${JSON.stringify({ tool: tool.name, tally, setAside }, undefined, 2)}\n`
      : describeStatus(tool.command, { tally, setAside, nowMs: host.clock.now().getTime() }),
  );
  return exitCodes.done;
}

/** `requeue`: lets items that were set aside be tried again. */
export async function requeueWork(tool: Tool, host: CompleteSurroundings): Promise<ExitCode> {
  const table = declareOptions({ ...requeueOptions, ...tool.options });
  const { values, positionals } = await resolveOptions(table, { ...host, demandsRequired: false });
  refuseStray(tool, positionals);
  const { all, key: keys, code: codes } = values;
  if ([all, keys !== undefined, codes !== undefined].filter(Boolean).length !== 1) {
    throw configurationError(
      'REQUEUE_UNCLEAR',
      'say what is to be tried again: either --all, or --key KEY, or --code CODE.',
    );
  }
  using view = await openedWork(tool, values, host);
  const requeued = view.requeue(all ? { all } : keys === undefined ? { codes: codes ?? [] } : { keys });
  host.stdout.write(
    values.json
      ? `${JSON.stringify({ tool: tool.name, requeued })}\n`
      : `${counted(requeued, 'item')} will be tried again when ${tool.command} runs.\n`,
  );
  return exitCodes.done;
}

async function openedWork(
  tool: Tool,
  values: Parameters<NonNullable<Tool['openWork']>>[0],
  { env }: CompleteSurroundings,
): Promise<WorkView> {
  if (tool.openWork === undefined) throw new TypeError(`${tool.name} keeps no record of work`);
  return tool.openWork(values, { stateFolder: stateFolderIn(env) });
}

interface Status {
  readonly tally: WorkTally;
  readonly setAside: readonly SetAsideRow[];
  readonly nowMs: number;
}

function describeStatus(command: string, { tally, setAside, nowMs }: Status): string {
  const since =
    tally.oldestWaitingAt === undefined
      ? ''
      : `, the oldest for ${inTime(Math.max(0, nowMs - tally.oldestWaitingAt))}`;
  const lines = [
    `${command}: what its record of work says`,
    row('done', `${inDigits(tally.done)} (${counted(tally.parts, 'part')}, ${inBytes(tally.bytes)})`),
    row('waiting', `${inDigits(tally.waiting)}${since}`),
    row('in hand', inDigits(tally.inHand)),
    row(
      'set aside',
      `${inDigits(tally.setAside)}${tally.exceptionParts === 0 ? '' : ` (${counted(tally.exceptionParts, 'part')})`}`,
    ),
    ...section('by outcome', Object.entries(tally.byOutcome)),
    ...section(
      'by proof',
      Object.entries(tally.byProof).map(([proof, { items, parts }]) => [
        proof,
        `${inDigits(items)} (${counted(parts, 'part')})`,
      ]),
    ),
    ...section('set aside, by code', Object.entries(tally.byCode ?? {})),
    ...(setAside.length === 0 ? [] : ['', `set aside (${listed(setAside.length, tally.setAside)})`]),
    ...setAside.flatMap(describeRow),
  ];
  return `${lines.join('\n')}\n`;
}

const row = (name: string, value: string) => `  ${name.padEnd(14)} ${value}`;

function section(title: string, rows: readonly (readonly [string, string | number])[]): string[] {
  if (rows.length === 0) return [];
  return [
    '',
    title,
    ...rows.map(([name, value]) => row(name, typeof value === 'number' ? inDigits(value) : value)),
  ];
}

const listed = (shown: number, all: number) =>
  shown < all ? `the first ${inDigits(shown)} of ${inDigits(all)}` : inDigits(all);

function describeRow({ key, code, message, attempts, at, parts, exceptionParts }: SetAsideRow): string[] {
  const all = exceptionParts ?? parts.length;
  const shown = parts.slice(0, 3);
  return [
    `  ${key}  ${code}  ${new Date(at).toISOString()}, after ${counted(attempts, 'attempt')}`,
    `      ${message}`,
    ...shown.map((part) => `      ${part.part}  ${part.code}  ${part.message}`),
    ...(all > shown.length ? [`      and ${counted(all - shown.length, 'more part')}`] : []),
  ];
}
