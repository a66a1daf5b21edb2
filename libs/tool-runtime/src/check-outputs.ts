import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { type OptionTable, type Resolved, type Writing, nameOf } from '@orthanc-tools/tool-options';
import { stateFolderIn } from './state-folder.ts';
import type { CompleteSurroundings } from './surroundings.ts';
import type { Tool } from './tool.ts';

type Given = Pick<Resolved<OptionTable>, 'values' | 'filesRead'>;

interface Named {
  readonly name: string;
  readonly path: string;
  readonly written: Writing | undefined;
}

/** Also by another name, such as a link; devices and pipes take from several. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map(lookAt));
  if (a === undefined || b === undefined) return (await placeOf(one)) === (await placeOf(other));
  return a.isFile() && a.dev === b.dev && a.ino === b.ino;
}

// Exact: the numbers of some file systems are too large for a double.
const lookAt = (path: string) => stat(path, { bigint: true }).catch(() => undefined);

/** Of a file that may not be there yet, in a folder that may be a link. */
async function placeOf(path: string): Promise<string> {
  const whole = resolve(path);
  const folder = await realpath(dirname(whole)).catch(() => dirname(whole));
  return join(folder, basename(whole));
}

/**
 * Makes sure, before any work, that nothing is written in the place of another file of the run (a ledger, a file with a
 * password, a list that is read, or another output), nor of what is no file.
 * @param own what the tool reads or writes beside what its options name
 * @throws configuration `OUTPUT_MISPLACED`
 */
export async function checkOutputs(
  table: OptionTable,
  { values, filesRead }: Given,
  own: readonly string[] = [],
): Promise<void> {
  const named = pathsIn(table, values);
  const isOptions = (path: string) =>
    named.some((one) => one.written !== 'anew' && resolve(one.path) === resolve(path));
  const others = [...filesRead, ...own].filter((path) => !isOptions(path));
  for (const [at, output] of named.entries()) {
    if (output.written === undefined) continue;
    await checkKind(output);
    for (const other of named.filter((one, index) => index > at || one.written === undefined))
      if (await isSameFile(output.path, other.path))
        throw misplaced(`${output.name} names the same file as ${other.name}.`);
    for (const path of others)
      if (await isSameFile(output.path, path))
        throw misplaced(
          `${output.name}: "${output.path}" is another file of this run, whose place it would take; give a file of its own.`,
        );
  }
}

function pathsIn(table: OptionTable, values: Given['values']): Named[] {
  return Object.entries(table).flatMap(([key, entry]) => {
    const path = values[key];
    const isPath = entry.kind === 'filePath' || entry.kind === 'configFile';
    return isPath && typeof path === 'string'
      ? [{ name: nameOf(key, entry), path, written: entry.written }]
      : [];
  });
}

/** What is written anew takes the place of what is there: were that a device, it would be gone for all. */
async function checkKind({ name, path, written }: Named): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.isFile()) return;
  if (found.isDirectory()) throw misplaced(`${name}: "${path}" is a folder; give a file in it.`);
  if (written === 'anew')
    throw misplaced(`${name}: "${path}" is no file, but a device or a pipe; give a file.`);
}

/** The same for all that a run of the tool touches. */
export async function checkOwnPlaces(
  tool: Tool,
  resolved: Resolved<Tool['options']>,
  { env }: Pick<CompleteSurroundings, 'env'>,
): Promise<void> {
  const { values } = resolved;
  await checkOutputs(tool.options, resolved, tool.ownFiles?.(values, { stateFolder: stateFolderIn(env) }));
  await tool.checkPlaces?.(values);
}

const misplaced = (message: string): Error => configurationError('OUTPUT_MISPLACED', message);
