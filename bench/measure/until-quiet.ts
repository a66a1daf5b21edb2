import { setTimeout as delay } from 'node:timers/promises';
import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';

const lookMs = 3000;
const quietCpuSeconds = 0.06;
const patienceLooks = 100;

/**
 * Waits until the server does nothing of its own accord. What has arrived becomes stable after two seconds,
 * and the DICOMweb plugin then prepares its answers: as much CPU as reading everything once.
 */
export async function untilQuiet(orthanc: RunningOrthanc, signal: AbortSignal): Promise<void> {
  for (let look = 0, last = -Infinity; look < patienceLooks; look += 1) {
    const used = await orthanc.cpuSeconds();
    if (used - last < quietCpuSeconds) return;
    last = used;
    await delay(lookMs, undefined, { signal });
  }
  throw new Error(`${orthanc.name} is still busy after ${String((patienceLooks * lookMs) / 1000)} s`);
}
