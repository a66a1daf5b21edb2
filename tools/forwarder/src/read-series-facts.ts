import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Outgoing } from './open-route.ts';
import type { SeriesFacts } from './wants-series.ts';

/** What destinations may filter by, for each series of a unit, by two requests; a series that is gone is left out. */
export async function readSeriesFacts(
  inbox: Orthanc,
  instances: readonly Outgoing[],
  signal: AbortSignal,
): Promise<Map<string, SeriesFacts>> {
  const seriesIds = [...new Set(instances.map(({ seriesId }) => seriesId))];
  const [series, studies] = await Promise.all([
    inbox.resources.facts('Series', seriesIds, signal),
    inbox.resources.facts('Study', seriesIds, signal),
  ]);
  const studyOf = new Map(studies.map((study) => [study.id, study]));
  return new Map(
    series.map((one): [string, SeriesFacts] => {
      const study = studyOf.get(one.parentId ?? '');
      return [
        one.id,
        {
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
