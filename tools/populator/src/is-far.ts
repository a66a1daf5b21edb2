import type { Orthanc } from '@orthanc-tools/orthanc-client';

/** On a busy machine one answer says little. */
const mostQuestions = 6;
/** To store a small image takes Orthanc some two milliseconds. */
const farMs = 10;

/**
 * How long an answer takes for which there is little to do: the shortest, as the first waits for the connection. One that
 * is short is enough.
 */
export async function roundTripMs(orthanc: Pick<Orthanc, 'system'>, signal?: AbortSignal): Promise<number> {
  let shortestMs = Infinity;
  for (let asked = 0; asked < mostQuestions && shortestMs > farMs; asked += 1) {
    const began = performance.now();
    await orthanc.system(signal);
    shortestMs = Math.min(shortestMs, performance.now() - began);
  }
  return shortestMs;
}

export const isFar = async (orthanc: Pick<Orthanc, 'system'>, signal: AbortSignal): Promise<boolean> =>
  (await roundTripMs(orthanc, signal)) > farMs;
