import { asFailure } from '@orthanc-tools/failures';
import { type Orthanc, type Statistics, isAccessRefused } from '@orthanc-tools/orthanc-client';

/** Undefined where the user may not ask for them. */
export async function statisticsIfAllowed(
  orthanc: Pick<Orthanc, 'statistics'>,
): Promise<Statistics | undefined> {
  try {
    return await orthanc.statistics();
  } catch (error) {
    const failure = asFailure(error);
    if (failure !== undefined && isAccessRefused(failure)) return undefined;
    throw error;
  }
}
