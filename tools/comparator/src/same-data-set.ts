import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { dataSetDigest } from './data-set-digest.ts';

type StoredFile = readonly [orthanc: Orthanc, instanceId: string];

/** Whether two files hold the same data set, however they were written; reads both. */
export async function haveSameDataSet(here: StoredFile, there: StoredFile): Promise<boolean> {
  const ours = dataSetDigest(await readFile(here));
  return ours === dataSetDigest(await readFile(there));
}

async function readFile([orthanc, instanceId]: StoredFile): Promise<Buffer> {
  const { body } = await orthanc.instances.openFile(instanceId);
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
