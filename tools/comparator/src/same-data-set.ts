import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { dataSetDigest } from './data-set-digest.ts';
import type { Persist } from './persistence.ts';

/** An Orthanc from which files are read. */
export interface FileSource {
  readonly orthanc: Orthanc;
  readonly signal: AbortSignal;
  /** Waits for a server that is away, and asks again. */
  readonly persist: Persist;
}

type StoredFile = readonly [source: FileSource, instanceId: string];

/**
 * Whether two files hold the same data set, however they were written; reads both, one after the other.
 * @throws permanent `ANSWER_TOO_LARGE` for a file that is not to be held in memory
 */
export async function haveSameDataSet(here: StoredFile, there: StoredFile): Promise<boolean> {
  return (await digestOf(here)) === (await digestOf(there));
}

async function digestOf([{ orthanc, signal, persist }, instanceId]: StoredFile): Promise<string> {
  const { chunks, release } = await persist(() => orthanc.instances.readFile(instanceId, { signal }));
  try {
    return dataSetDigest(Buffer.concat(chunks));
  } finally {
    release?.();
  }
}
