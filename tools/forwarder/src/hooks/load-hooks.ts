import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { ForwarderHooks } from '../../types/hooks.d.ts';
import type { HookName } from './call-hook.ts';

const names: Readonly<Record<HookName, true>> = {
  filterStudy: true,
  filterInstance: true,
  processInstance: true,
  onForwarded: true,
  onError: true,
};
const allNames = Object.keys(names) as HookName[];

export interface HooksPlace {
  readonly path: string;
  /** As messages name it: the option, or the file and its key. */
  readonly givenBy: string;
}

/** Where the hooks stand: what the command line says wins. */
export function placeOfHooks(option: string | undefined, file: string | undefined): HooksPlace | undefined {
  if (option !== undefined) return { path: option, givenBy: nameOf('hooks') };
  return file === undefined ? undefined : { path: file, givenBy: `${nameOf('destinationsFile')}, hooks` };
}

/** Loads a module of the user's. @throws configuration `HOOKS_UNUSABLE` */
export async function loadHooks({ path, givenBy }: HooksPlace): Promise<ForwarderHooks> {
  const unusable = (why: string, cause?: unknown) =>
    configurationError('HOOKS_UNUSABLE', `${givenBy}: the module "${path}" ${why}.`, { cause });
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = (await import(pathToFileURL(resolve(path)).href)) as typeof loaded;
  } catch (error) {
    throw unusable(`cannot be loaded: ${reasonIn(error)}`, error);
  }
  const fault = faultOfHooks(isRecord(loaded['default']) ? loaded['default'] : loaded);
  if (fault !== undefined) throw unusable(fault);
  return (isRecord(loaded['default']) ? loaded['default'] : loaded) as ForwarderHooks;
}

/** What is wrong with what should be hooks; continues a sentence. */
export function faultOfHooks(given: object): string | undefined {
  const of = (name: string): unknown => Reflect.get(given, name);
  const present = allNames.filter((name) => of(name) !== undefined);
  if (present.length === 0) return `holds none of the hooks ${allNames.join(', ')}`;
  const wrong = present.find((name) => typeof of(name) !== 'function');
  return wrong === undefined ? undefined : `gives a ${wrong} that is no function`;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Also the place of a fault in its syntax, which Node writes before the message in the stack. */
function reasonIn(error: unknown): string {
  if (!(error instanceof Error)) return 'it throws something that is no error';
  const [, place] = /^(file:\S+:\d+)$/m.exec(error.stack ?? '') ?? [];
  return `${error.name}: ${error.message}${place === undefined ? '' : ` at ${place}`}`;
}
