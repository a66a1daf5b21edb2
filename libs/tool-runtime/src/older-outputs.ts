import { stat } from 'node:fs/promises';
import { type OptionTable, nameOf } from '@orthanc-tools/tool-options';

/** A file that an earlier run has written, where this one is to put its own. */
export interface OlderOutput {
  readonly option: string;
  readonly path: string;
  readonly writtenMs: number;
}

/** What lies at the places where files are to be made anew; the report, which is written even of a failure, is left out. */
export async function findOlderOutputs(
  table: OptionTable,
  values: Readonly<Record<string, unknown>>,
): Promise<OlderOutput[]> {
  const found: OlderOutput[] = [];
  for (const [key, entry] of Object.entries(table)) {
    const path = values[key];
    if (entry.written !== 'anew' || key === 'report' || typeof path !== 'string') continue;
    const writtenMs = await writtenAt(path);
    if (writtenMs !== undefined) found.push({ option: nameOf(key, entry), path, writtenMs });
  }
  return found;
}

/** Those that are still as they were: a page that calls an earlier run complete must not pass for one of this run. */
export async function stillThere(found: readonly OlderOutput[]): Promise<OlderOutput[]> {
  const now = await Promise.all(found.map(({ path }) => writtenAt(path)));
  return found.filter(({ writtenMs }, at) => now[at] === writtenMs);
}

const writtenAt = async (path: string): Promise<number | undefined> =>
  (await stat(path).catch(() => undefined))?.mtimeMs;
