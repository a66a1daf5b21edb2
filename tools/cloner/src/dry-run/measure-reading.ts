import { asFailure, sideBySide } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { CopyRate } from '../copy-rate.ts';

export interface SampleFile {
  readonly id: string;
  /** Bytes; undefined where the source does not tell. */
  readonly size: number | undefined;
}

/** How many files are read at a time, and for how long at most (ms). */
const atOnce = 8;
const longestMs = 3000;

/**
 * How fast the source hands out files such as these; of a file that is not read to its end, the part that was counts.
 * What cannot be read counts as nothing: a look ahead does not fail for it.
 */
export async function measureReading(
  source: Pick<Orthanc, 'instances'>,
  files: readonly SampleFile[],
  signal: AbortSignal,
): Promise<CopyRate> {
  let [instances, bytes] = [0, 0];
  const started = performance.now();
  const isOver = () => signal.aborted || performance.now() - started > longestMs;
  const read = async ({ id, size }: SampleFile) => {
    if (isOver()) return;
    let length = 0;
    for await (const piece of (await source.instances.openFile(id, signal)).body) {
      length += piece.length;
      if (isOver()) break;
    }
    bytes += length;
    instances += size === undefined || size === 0 ? 1 : Math.min(1, length / size);
  };
  await sideBySide(files, atOnce, async (file) => {
    try {
      await read(file);
    } catch (error) {
      if (asFailure(error) === undefined && !signal.aborted) throw error;
    }
  });
  return { instances, bytes, ms: performance.now() - started };
}
