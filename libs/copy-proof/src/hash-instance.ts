import { createHash } from 'node:crypto';
import type { Orthanc } from '@orthanc-tools/orthanc-client';

/** MD5 of the file as the server hands it out; streamed, whatever its size. For what no stored MD5 can decide. */
export async function hashInstance(
  orthanc: Orthanc,
  instanceId: string,
  signal?: AbortSignal,
): Promise<string> {
  const { body } = await orthanc.instances.openFile(instanceId, signal);
  const hash = createHash('md5');
  for await (const piece of body) hash.update(piece);
  return hash.digest('hex');
}

/** Whether both servers hand out the same bytes for the instance. */
export async function haveSameContent(
  source: Orthanc,
  destination: Orthanc,
  instanceId: string,
): Promise<boolean> {
  const [here, there] = await Promise.all([
    hashInstance(source, instanceId),
    hashInstance(destination, instanceId),
  ]);
  return here === there;
}
