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
 * still answers as an Orthanc, and that does not know the study when asked for it by another route.
 */
export async function confirmVanished(
  orthanc: Orthanc,
  studyId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  await confirmReading(orthanc);
  const held = await orthanc.studies.instances(studyId, signal);
  return held.length === 0 && !(await orthanc.studies.exists(studyId, signal));
}

/**
 * Tells which of the instances, whose files were answered "not found", the server still lists. One that is listed must
 * be there when asked for by itself: a server that says otherwise has something before it that lets no reading through.
 *
 * @throws configuration `ORTHANC_ANSWERS_NOT_FOUND` of scope `run`
 */
export async function confirmListed(
  orthanc: Orthanc,
  { studyId, instanceIds, signal }: ListedQuestion,
): Promise<ReadonlySet<string>> {
  await confirmReading(orthanc);
  const known = new Set((await orthanc.studies.instances(studyId, signal)).map(({ id }) => id));
  const listed = new Set(instanceIds.filter((id) => known.has(id)));
  const [first] = listed;
  if (first !== undefined && !(await orthanc.instances.exists(first, signal)))
    throw configurationError(
      'ORTHANC_ANSWERS_NOT_FOUND',
      `${orthanc.url} lists instances and answers "not found" when they are read: a proxy in between.`,
    );
  return listed;
}

interface ListedQuestion {
  readonly studyId: string;
  readonly instanceIds: readonly string[];
  readonly signal?: AbortSignal | undefined;
}
