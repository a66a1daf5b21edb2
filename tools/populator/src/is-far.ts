import { type Orthanc, roundTrip } from '@orthanc-tools/orthanc-client';

/** It is measured once: on a busy machine more answers are needed until one says something. */
const mostQuestions = 6;
/** To store a small image takes Orthanc some two milliseconds. */
const farMs = 10;

export const roundTripMs = (orthanc: Pick<Orthanc, 'system'>, signal?: AbortSignal): Promise<number> =>
  roundTrip(() => orthanc.system(signal), { nearMs: farMs, firstQuestions: mostQuestions }).measure();

export const isFar = async (orthanc: Pick<Orthanc, 'system'>, signal: AbortSignal): Promise<boolean> =>
  (await roundTripMs(orthanc, signal)) >= farMs;
