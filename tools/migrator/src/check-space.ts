import { transientFailure } from '@orthanc-tools/failures';
import type { StudyContext } from './study-context.ts';

const bytesPerMebibyte = 1_048_576;
/** Whoever makes room takes longer than a server that is busy. */
const lookAgainMs = 60_000;

/** @throws transient `ORTHANC_SPACE_LOW` of scope `run`: everything rests until others have made room */
export async function checkSpace(
  { orthanc, spaceThreshold }: Pick<StudyContext, 'orthanc' | 'spaceThreshold'>,
  signal?: AbortSignal,
): Promise<void> {
  if (spaceThreshold === 0) return;
  const { diskSize } = await orthanc.statistics(signal);
  const used = Math.floor(diskSize / bytesPerMebibyte);
  if (used <= spaceThreshold) return;
  throw transientFailure(
    'ORTHANC_SPACE_LOW',
    `Orthanc uses ${String(used)} MB on its disk, more than ${String(spaceThreshold)}.`,
    { scope: 'run', retryAfterMs: lookAgainMs },
  );
}
