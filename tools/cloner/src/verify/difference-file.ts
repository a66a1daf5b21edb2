import { type FileHandle, open } from 'node:fs/promises';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { Difference } from './compare-archives.ts';

/** A CSV file to which differences are written as they are found. */
export interface DifferenceFile extends AsyncDisposable {
  write(difference: Difference): Promise<void>;
}

const head = 'Difference,Study,Instance\n';

/** @throws configuration `REPORT_UNWRITABLE` before anything is compared */
export async function openDifferenceFile(path: string): Promise<DifferenceFile> {
  const named = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (cause) {
      const message = `${nameOf('csv')}: "${path}" cannot be written.`;
      throw configurationError('REPORT_UNWRITABLE', message, { cause });
    }
  };
  const file: FileHandle = await named(open(path, 'w', 0o600));
  await named(file.write(head));
  return {
    write: async ({ kind, study, instance }) => {
      await named(file.write(`${kind},${study},${instance}\n`));
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}
