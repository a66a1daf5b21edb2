import { asFailure, configurationError } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';

/**
 * Called when a read of something that the server lists was answered "not found". A proxy that answers 404 to every
 * read must never make an archive look empty: when `GET /system` is not found either, nothing read there can be
 * believed. Ends when the server answers as an Orthanc.
 *
 * @throws configuration `ORTHANC_ANSWERS_NOT_FOUND` of scope `run`
 */
export async function confirmReading(orthanc: Orthanc): Promise<void> {
  try {
    await orthanc.system();
  } catch (error) {
    if (asFailure(error)?.code !== 'ORTHANC_NOT_FOUND') throw error;
    throw configurationError(
      'ORTHANC_ANSWERS_NOT_FOUND',
      `${orthanc.url} answers "not found" to everything that is read: a wrong path or a proxy in between.`,
      { cause: error },
    );
  }
}

/**
 * Whether the study is gone from the server, by Orthanc's own word: an empty list is believed only from a server that
 * still answers as an Orthanc.
 */
export async function confirmVanished(orthanc: Orthanc, studyId: string): Promise<boolean> {
  await confirmReading(orthanc);
  return (await orthanc.studies.instances(studyId)).length === 0;
}
