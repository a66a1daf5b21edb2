import { asFailure } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import { type JsonRecord, identifier, list, record } from './json-fields.ts';
import { type StoredInstance, parseFile } from './stored-instances.ts';
import { parentStudies } from './studies.ts';

const atOnce = 4;

const parseListed = (value: unknown): JsonRecord[] =>
  list(value, 'the answer', (entry) => record(entry, 'an instance'));

/**
 * What a study holds, for an Orthanc without ExtendedFind (before 1.12.5): one request per instance, a few at a time.
 * A study that is not there yields nothing.
 */
export async function expandInstances(
  ask: Ask,
  studyId: string,
  signal?: AbortSignal,
): Promise<StoredInstance[]> {
  const queue = (await listInstances(ask, studyId, signal)).values();
  const found: StoredInstance[] = [];
  const reader = async () => {
    for (const listed of queue) {
      const id = identifier(listed['ID']);
      const path = `/instances/${id}/attachments/dicom/info`;
      const file = await ask({ method: 'GET', path, signal }, (value) =>
        parseFile(record(value, 'the answer')),
      );
      found.push({ id, seriesId: identifier(listed['ParentSeries']), ...file });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
  return found;
}

async function listInstances(ask: Ask, studyId: string, signal?: AbortSignal): Promise<JsonRecord[]> {
  try {
    return await ask({ method: 'GET', path: `/studies/${studyId}/instances?expand`, signal }, parseListed);
  } catch (error) {
    // Orthanc says nothing but 404 here, as any proxy may; an empty list of parents is its own word.
    if (
      asFailure(error)?.code === 'ORTHANC_NOT_FOUND' &&
      (await parentStudies(ask, [studyId], signal)).length === 0
    )
      return [];
    throw error;
  }
}
