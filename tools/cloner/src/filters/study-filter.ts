import type { Orthanc, ResourceFacts } from '@orthanc-tools/orthanc-client';

/** Which studies are wanted; all that is given must be met, and of each one of several. */
export interface StudyWish {
  readonly modalities?: ReadonlySet<string>;
  /** `YYYYMMDD`, both days included. */
  readonly dates?: { readonly from: string; readonly to: string };
  readonly labels?: ReadonlySet<string>;
  readonly patientIds?: ReadonlySet<string>;
}

export interface StudyFilter {
  /** Those of the studies that are wanted; those that are not there are left out. */
  among(studyIds: readonly string[], signal?: AbortSignal): Promise<string[]>;
  /** Studies that may have become wanted without any change having told of it, page by page: those labelled since. */
  labelled(signal?: AbortSignal): AsyncGenerator<readonly string[]>;
}

/** Asks for what the wish needs to know of a page of studies, by one request or, for modalities, two. */
export function filterStudies(source: Pick<Orthanc, 'resources' | 'labels'>, wish: StudyWish): StudyFilter {
  const { facts } = source.resources;
  return {
    async among(studyIds, signal) {
      const wanted = (await facts('Study', studyIds, signal)).filter((study) => isWanted(study, wish));
      const ids = wanted.map(({ id }) => id);
      const { modalities } = wish;
      if (modalities === undefined || ids.length === 0) return ids;
      const series = await facts('Series', ids, signal);
      const having = series.filter(({ tags }) => modalities.has((tags['Modality'] ?? '').toUpperCase()));
      const studies = new Set(having.map(({ parentId }) => parentId));
      return ids.filter((id) => studies.has(id));
    },
    async *labelled(signal) {
      const pages = source.labels.given([...(wish.labels ?? [])], 'Study', signal);
      for await (const page of pages) yield page.map(({ id }) => id);
    },
  };
}

/** By what the study itself tells. */
export function isWanted({ tags, labels }: Pick<ResourceFacts, 'tags' | 'labels'>, wish: StudyWish): boolean {
  const { dates, patientIds } = wish;
  const date = tags['StudyDate'] ?? '';
  if (dates !== undefined && (date === '' || date < dates.from || date > dates.to)) return false;
  if (patientIds !== undefined && !patientIds.has((tags['PatientID'] ?? '').trim())) return false;
  return wish.labels === undefined || labels.some((label) => wish.labels?.has(label));
}
