import { asFailure, sideBySide } from '@orthanc-tools/failures';
import type { Ask } from './ask.ts';
import { type JsonRecord, identifier, list, parseNames, record } from './json-fields.ts';
import { type StoredInstance, parseFile, withoutFile } from './stored-instances.ts';
import { parentsOf } from './studies.ts';

const atOnce = 4;

const parseListed = (value: unknown): JsonRecord[] =>
  list(value, 'the answer', (entry) => record(entry, 'an instance'));

/**
 * What a study holds, for an Orthanc without ExtendedFind (before 1.12.5): one request per instance, a few at a time.
 * `LimitFindInstances` does not concern these routes. A study that is not there yields nothing.
 */
export async function expandInstances(
  ask: Ask,
  studyId: string,
  signal?: AbortSignal,
): Promise<StoredInstance[]> {
  const found: StoredInstance[] = [];
  await sideBySide(await listInstances(ask, studyId, signal), atOnce, async (listed) => {
    const id = identifier(listed['ID']);
    const file = await readFileFacts(ask, id, signal);
    if (file !== undefined) found.push({ id, seriesId: identifier(listed['ParentSeries']), ...file });
  });
  return found;
}

type FileFacts = ReturnType<typeof parseFile>;

/** Undefined when the instance was deleted since it was listed. */
async function readFileFacts(ask: Ask, id: string, signal?: AbortSignal): Promise<FileFacts | undefined> {
  const path = `/instances/${id}/attachments/dicom/info`;
  try {
    return await ask({ method: 'GET', path, signal }, (value) => parseFile(record(value, 'the answer')));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const attachments = await listAttachments(ask, id, signal);
    if (attachments === undefined && (await isGone(ask, id, signal))) return undefined;
    if (attachments?.includes('dicom') === false) return withoutFile;
    throw error;
  }
}

async function listAttachments(ask: Ask, id: string, signal?: AbortSignal): Promise<string[] | undefined> {
  try {
    return await ask({ method: 'GET', path: `/instances/${id}/attachments`, signal }, parseNames);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function listInstances(ask: Ask, studyId: string, signal?: AbortSignal): Promise<JsonRecord[]> {
  try {
    return await ask({ method: 'GET', path: `/studies/${studyId}/instances?expand`, signal }, parseListed);
  } catch (error) {
    if (isNotFound(error) && (await isGone(ask, studyId, signal))) return [];
    throw error;
  }
}

const isNotFound = (error: unknown): boolean => asFailure(error)?.code === 'ORTHANC_NOT_FOUND';

/** Orthanc says nothing but 404 of what is gone, as any proxy may of anything; an empty list of parents is its own word. */
const isGone = async (ask: Ask, id: string, signal?: AbortSignal): Promise<boolean> =>
  (await parentsOf(ask, [id], { level: 'Study', signal })).length === 0;
