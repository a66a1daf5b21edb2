import { configurationError, exitCodes, withAdvice } from '@orthanc-tools/failures';
import type { ExitCode } from '@orthanc-tools/failures';
import { declareOptions, nameOf, resolveOptions } from '@orthanc-tools/tool-options';
import { requeueOptions, unknownCommand, usedAmong, viewOptions } from './commands.ts';
import { stateFolderIn } from './state-folder.ts';
import type { CompleteSurroundings } from './surroundings.ts';
import type { RecordOfWork, Tool } from './tool.ts';
import type { ItemGroup, RequeueSelector, SetAsideRow, WorkTally, WorkView } from './work-view.ts';
import type { Noun } from './wording.ts';
import { counted, inBytes, inDigits, inTime, inWords } from './wording.ts';

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
  const isRunning = view.isHeld?.();
  const nowMs = host.clock.now().getTime();
  const groups = view.groups?.(nowMs).filter(({ items }) => items.length > 0);
  host.stdout.write(
    values.json
      ? `${JSON.stringify({ tool: tool.name, isRunning, tally, setAside, groups: groups?.map(shortened) }, undefined, 2)}\n`
      : describeStatus(tool, { ...workOf(tool), tally, setAside, groups: groups ?? [], isRunning, nowMs }),
  );
  return exitCodes.done;
}

/** `requeue`: lets items that were set aside be tried again. */
export async function requeueWork(tool: Tool, host: CompleteSurroundings): Promise<ExitCode> {
  const table = declareOptions({ ...requeueOptions, ...tool.options });
  const { values, positionals } = await resolveOptions(table, { ...host, demandsRequired: false });
  refuseStray(tool, positionals);
  const selector = selectorIn(values);
  using view = await openedWork(tool, values, host);
  const requeued = requeueIn(view, selector, tool);
  if (requeued === 0 && selector.all !== true) throw nothingSetAside(tool, selector);
  host.stdout.write(
    values.json
      ? `${JSON.stringify({ tool: tool.name, requeued })}\n`
      : describeRequeued(requeued, selector, tool),
  );
  return exitCodes.done;
}

interface RequeueValues {
  readonly all: boolean;
  readonly key: readonly string[] | undefined;
  readonly code: readonly string[] | undefined;
}

function selectorIn({ all, key, code }: RequeueValues): RequeueSelector {
  if ([all, key !== undefined, code !== undefined].filter(Boolean).length !== 1) {
    throw configurationError(
      'REQUEUE_UNCLEAR',
      'say what is to be tried again: either --all, or --key KEY, or --code CODE.',
    );
  }
  if (all) return { all };
  return key === undefined ? { codes: [...new Set(code)] } : { keys: [...new Set(key)] };
}

function requeueIn(view: WorkView, selector: RequeueSelector, tool: Tool): number {
  try {
    return view.requeue(selector);
  } catch (error) {
    throw withAdvice(error, {
      LEDGER_IN_USE: `Stop ${tool.command} first, or wait until it has ended; then requeue.`,
    });
  }
}

function nothingSetAside(tool: Tool, { keys = [], codes = [] }: RequeueSelector): Error {
  const names = [...keys, ...codes];
  const noun = `${keys.length > 0 ? 'key' : 'code'}${names.length === 1 ? '' : 's'}`;
  return configurationError(
    'REQUEUE_FOUND_NOTHING',
    `Nothing is set aside under the ${noun} ${names.join(', ')}. "${tool.command} status" shows what is.`,
  );
}

function describeRequeued(requeued: number, { keys = [] }: RequeueSelector, tool: Tool): string {
  if (requeued === 0) return 'Nothing is set aside.\n';
  const missed = keys.length - requeued;
  const rest =
    missed > 0 ? ` ${inDigits(missed)} of the ${inDigits(keys.length)} keys are not set aside.` : '';
  return `${counted(requeued, workOf(tool).items)} will be tried again when ${tool.command} runs.${rest}\n`;
}

function workOf({ name, work }: Tool): RecordOfWork {
  if (work === undefined) throw new TypeError(`${name} keeps no record of work`);
  return work;
}

async function openedWork(
  tool: Tool,
  values: Parameters<RecordOfWork['open']>[0],
  { env }: CompleteSurroundings,
): Promise<WorkView> {
  try {
    return await workOf(tool).open(values, { stateFolder: stateFolderIn(env) });
  } catch (error) {
    const names = Object.entries(usedAmong(tool, 'status')).map(([key, entry]) => nameOf(key, entry));
    throw names.length === 0
      ? error
      : withAdvice(error, { LEDGER_MISSING: `Which one is meant, say with ${inAList(names)}.` });
  }
}

function inAList(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;
}

interface Status extends Pick<RecordOfWork, 'items' | 'parts'> {
  readonly tally: WorkTally;
  readonly setAside: readonly SetAsideRow[];
  readonly groups: readonly ItemGroup[];
  /** Undefined where that cannot be known. */
  readonly isRunning: boolean | undefined;
  readonly nowMs: number;
}

function describeStatus({ command }: Tool, status: Status): string {
  const { tally, setAside, groups, items, parts } = status;
  const lines = [
    `${command}: what its record of work says`,
    ...describeRunning(status),
    ...(isEmpty(tally) ? ['  nothing was listed yet'] : countsOf(status)),
    ...section('by outcome', Object.entries(tally.byOutcome)),
    ...section(
      'by proof',
      Object.entries(tally.byProof).map(([proof, proved]) => [
        proof,
        `${counted(proved.items, items)} (${counted(proved.parts, parts)})`,
      ]),
    ),
    ...section('set aside, by code', Object.entries(tally.byCode ?? {})),
    ...(setAside.length === 0 ? [] : ['', `set aside (${listed(setAside.length, tally.setAside)})`]),
    ...setAside.flatMap((one) => describeRow(one, parts)),
    ...groups.flatMap(describeGroup),
  ];
  return `${lines.join('\n')}\n`;
}

function isEmpty({ done, waiting, inHand, setAside }: WorkTally): boolean {
  return done + waiting + inHand + setAside === 0;
}

function describeRunning({ isRunning, tally: { inHand }, items }: Status): string[] {
  if (isRunning === undefined) return [];
  if (isRunning) return [row('running', 'yes: a process works on it now')];
  const [were, wait] = inHand === 1 ? ['was', 'waits'] : ['were', 'wait'];
  return [
    row(
      'running',
      inHand === 0 ? 'no' : `no; ${counted(inHand, items)} ${were} in hand when it ended, and ${wait}`,
    ),
  ];
}

function countsOf({ tally, isRunning, nowMs, items, parts }: Status): string[] {
  const since =
    tally.oldestWaitingAt === undefined
      ? ''
      : `, the oldest for ${inTime(Math.max(0, nowMs - tally.oldestWaitingAt))}`;
  return [
    row('done', `${counted(tally.done, items)} (${counted(tally.parts, parts)}, ${inBytes(tally.bytes)})`),
    row('waiting', `${counted(tally.waiting, items)}${since}`),
    ...(isRunning === false ? [] : [row('in hand', counted(tally.inHand, items))]),
    row(
      'set aside',
      `${counted(tally.setAside, items)}${tally.exceptionParts === 0 ? '' : ` (${counted(tally.exceptionParts, parts)})`}`,
    ),
  ];
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

const shortened = ({ title, items }: ItemGroup) => ({
  title,
  count: items.length,
  items: items.slice(0, longestJsonList),
});

function describeGroup({ title, items }: ItemGroup): string[] {
  const shown = items.slice(0, longestList);
  return [
    '',
    `${title} (${listed(shown.length, items.length)})`,
    ...shown.map(({ key, ...facts }) => {
      const told = Object.entries(facts).map(([name, value]) => `${inWords(name)}: ${String(value)}`);
      return `  ${key}  ${told.join(', ')}`;
    }),
  ];
}

function describeRow(told: SetAsideRow, [part, severalParts]: Noun): string[] {
  const { key, code, message, attempts, at } = told;
  const all = told.exceptionParts ?? told.parts.length;
  const shown = told.parts.slice(0, 3);
  return [
    `  ${key}  ${code}  ${new Date(at).toISOString()}, after ${counted(attempts, ['attempt', 'attempts'])}`,
    `      ${message}`,
    ...shown.map((one) => `      ${one.part}  ${one.code}  ${one.message}`),
    ...(all > shown.length
      ? [`      and ${counted(all - shown.length, [`more ${part}`, `more ${severalParts}`])}`]
      : []),
  ];
}
