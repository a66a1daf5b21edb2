import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { makeFolder, nameOf } from '@orthanc-tools/tool-options';
import type { Destination, Fate } from './destination.ts';
import type { MadeInstance } from './made-instance.ts';

const padded = (value: number, width: number): string => String(value).padStart(width, '0');

const purpose = { option: 'output', code: 'OUTPUT_UNWRITABLE' };

/** Short names that every file system can hold; the manifest has the identifiers. */
function fileOf({ inHand, seriesNumber, instance }: MadeInstance): readonly [folder: string, name: string] {
  const folder = join(`study-${padded(inHand.study.index + 1, 6)}`, `series-${padded(seriesNumber, 3)}`);
  return [folder, `instance-${padded(instance.instanceNumber, 5)}.dcm`];
}

export function intoFolder(root: string): Destination {
  makeFolder(root, purpose);
  const made = new Set<string>();
  const write = async (one: MadeInstance): Promise<Fate> => {
    const [below, name] = fileOf(one);
    const folder = join(root, below);
    if (!made.has(folder)) {
      makeFolder(folder, purpose);
      // Only the last few matter: instances come series by series.
      if (made.size > 1000) made.clear();
      made.add(folder);
    }
    try {
      // What is there under its name is whole, however the run ends.
      await writeFile(join(folder, `${name}.part`), one.instance.bytes);
      await rename(join(folder, `${name}.part`), join(folder, name));
    } catch (cause) {
      await rm(join(folder, `${name}.part`), { force: true }).catch(() => undefined);
      const message = `${nameOf('output')}: "${join(folder, name)}" cannot be written.`;
      throw configurationError('OUTPUT_UNWRITABLE', message, { cause });
    }
    return 'stored';
  };
  return {
    batchLimits: { instances: 1, bytes: Infinity },
    async store(batch) {
      const fates: Fate[] = [];
      for (const one of batch) fates.push(await write(one));
      return fates;
    },
    complete: () => Promise.resolve(0),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
