import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { SeriesFacts } from './wants-series.ts';

export type KnownSeries = SeriesFacts & { readonly instances: number };

/** What destinations may filter by, for each series, by two requests for all; a series that is gone is left out. */
export async function readSeriesFacts(
  inbox: Orthanc,
  seriesIds: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, KnownSeries>> {
  if (seriesIds.length === 0) return new Map();
  const [series, studies] = await Promise.all([
    inbox.resources.facts('Series', seriesIds, signal),
    inbox.resources.facts('Study', seriesIds, signal),
  ]);
  const studyOf = new Map(studies.map((study) => [study.id, study]));
  return new Map(
    series.map((one): [string, KnownSeries] => {
      const study = studyOf.get(one.parentId ?? '');
      return [
        one.id,
        {
          instances: one.childIds.length,
          modality: one.tags['Modality'] ?? '',
          station: one.tags['StationName'] ?? '',
          studyDescription: study?.tags['StudyDescription'] ?? '',
          sender: one.metadata['RemoteAET'] ?? '',
          labels: [...one.labels, ...(study?.labels ?? [])],
        },
      ];
    }),
  );
}
