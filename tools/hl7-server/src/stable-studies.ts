import { type Orthanc, momentIn } from '@orthanc-tools/orthanc-client';

/** A study that Orthanc holds, and in which nothing has come for a while (`StableAge`). */
export interface StableStudy {
  readonly studyUid: string;
  readonly patientId: string;
  readonly modalities: readonly string[];
  /** When something of it came or went last, ms since 1970, in whole seconds; undefined where Orthanc does not say. */
  readonly lastUpdate: number | undefined;
}

type Tags = Readonly<Record<string, unknown>>;

function studyIn(one: unknown): StableStudy | undefined {
  const { IsStable, LastUpdate, MainDicomTags, PatientMainDicomTags, RequestedTags } = one as {
    readonly IsStable?: unknown;
    readonly LastUpdate?: unknown;
    readonly MainDicomTags?: Tags;
    readonly PatientMainDicomTags?: Tags;
    readonly RequestedTags?: Tags;
  };
  if (IsStable !== true) return undefined;
  return {
    studyUid: String(MainDicomTags?.['StudyInstanceUID'] ?? ''),
    patientId: String(PatientMainDicomTags?.['PatientID'] ?? '').trim(),
    modalities: String(RequestedTags?.['ModalitiesInStudy'] ?? '').split('\\'),
    lastUpdate: typeof LastUpdate === 'string' ? momentIn(LastUpdate) : undefined,
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
