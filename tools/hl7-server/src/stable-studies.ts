import type { Orthanc } from '@orthanc-tools/orthanc-client';

/** A study that Orthanc holds, and in which nothing has come for a while (`StableAge`). */
export interface StableStudy {
  readonly studyUid: string;
  readonly patientId: string;
  readonly modalities: readonly string[];
}

type Tags = Readonly<Record<string, unknown>>;

function studyIn(one: unknown): StableStudy | undefined {
  const { IsStable, MainDicomTags, PatientMainDicomTags, RequestedTags } = one as Record<
    string,
    Tags | undefined
  >;
  if ((IsStable as unknown) !== true) return undefined;
  return {
    studyUid: String(MainDicomTags?.['StudyInstanceUID'] ?? ''),
    patientId: String(PatientMainDicomTags?.['PatientID'] ?? '').trim(),
    modalities: String(RequestedTags?.['ModalitiesInStudy'] ?? '').split('\\'),
  };
}

/** Those of the studies that are there and stable, by one request. */
export async function stableStudies(
  orthanc: Orthanc,
  studyUids: readonly string[],
  signal: AbortSignal,
): Promise<readonly StableStudy[]> {
  const content = {
    Level: 'Study',
    Query: { StudyInstanceUID: studyUids.join('\\') },
    Expand: true,
    RequestedTags: ['ModalitiesInStudy'],
  };
  const path = '/tools/find';
  const found = await orthanc.call({ method: 'POST', path, isFixedRoute: true, content, signal });
  return (Array.isArray(found) ? found : []).map(studyIn).filter((one) => one !== undefined);
}
