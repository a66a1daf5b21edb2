import type { Orthanc, ResourceFacts } from '@orthanc-tools/orthanc-client';
import type { SeriesFacts } from './wants-series.ts';

export type KnownSeries = SeriesFacts & { readonly instances: number };

type Inbox = Pick<Orthanc, 'resources'>;

/**
 * What destinations may filter by, for each series of these studies, by one request for all; a series that is gone is left
 * out. Told of a series by itself, Orthanc tells each of its instances too, which costs it ten times as much.
 */
export async function readSeriesFacts(
  inbox: Inbox,
  studies: readonly ResourceFacts[],
  signal: AbortSignal,
): Promise<Map<string, KnownSeries>> {
  const known = new Map(studies.map((study) => [study.id, study]));
  const facts = new Map<string, KnownSeries>();
  for (const { id, parentId = '', tags, metadata = {}, labels = [] } of await findSeries(
    inbox,
    studies,
    signal,
  )) {
    const study = known.get(parentId);
    if (study !== undefined)
      facts.set(
        id,
        knownSeries({ tags, metadata, labels, study, instances: Number(tags[numberOfInstances] ?? 0) }),
      );
  }
  // A study without a UID cannot be looked for; and a server may tell fewer at once than there are.
  const missing = studies.flatMap(({ childIds }) => childIds.filter((id) => !facts.has(id)));
  for (const { id, parentId = '', tags, metadata, labels, childIds } of await inbox.resources.facts(
    'Series',
    missing,
    signal,
  ))
    facts.set(
      id,
      knownSeries({ tags, metadata, labels, study: known.get(parentId), instances: childIds.length }),
    );
  return facts;
}

const numberOfInstances = 'NumberOfSeriesRelatedInstances';
const tell = ['Modality', 'StationName', numberOfInstances];

function findSeries({ resources }: Inbox, studies: readonly ResourceFacts[], signal: AbortSignal) {
  const uids = studies.map(({ tags }) => tags['StudyInstanceUID'] ?? '').filter((uid) => uid !== '');
  if (uids.length === 0) return [];
  const match = { StudyInstanceUID: [...new Set(uids)].join('\\') };
  return resources.find({ level: 'Series', match, tell, withMetadata: true, isLean: true, signal });
}

interface Told extends Pick<ResourceFacts, 'tags' | 'metadata' | 'labels'> {
  readonly study: ResourceFacts | undefined;
  readonly instances: number;
}

const knownSeries = ({ tags, metadata, labels, study, instances }: Told): KnownSeries => ({
  instances,
  modality: tags['Modality'] ?? '',
  station: tags['StationName'] ?? '',
  studyDescription: study?.tags['StudyDescription'] ?? '',
  sender: metadata['RemoteAET'] ?? '',
  labels: [...labels, ...(study?.labels ?? [])],
});
