import type { Orthanc } from '@orthanc-tools/orthanc-client';

const questions = 3;
/** To store a small image takes Orthanc some two milliseconds. */
const farMs = 10;

/** Whether an answer takes long to come, however little there is to do for it; the first one has to wait for the connection. */
export async function isFar(orthanc: Pick<Orthanc, 'system'>, signal: AbortSignal): Promise<boolean> {
  let shortestMs = Infinity;
  for (let asked = 0; asked < questions; asked += 1) {
    const began = performance.now();
    await orthanc.system(signal);
    shortestMs = Math.min(shortestMs, performance.now() - began);
  }
  return shortestMs > farMs;
}
