import { askModality } from '@orthanc-tools/copy-proof';
import type { Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';
import type { ListedStudy } from '@orthanc-tools/study-search';
import type { HeldImages } from './compare-images.ts';
import type { AskedModality } from './fault-of-modality.ts';
import type { Lane } from './lane.ts';

/** Where the images of a source modality arrive. */
export interface Arrival {
  /** Nobody can be asked what has arrived: an order that was carried out proves nothing. */
  readonly isSilent: boolean;
  /** Where it is another than Orthanc. */
  readonly modality?: AskedModality;
  /** Which images of the study it holds; others of the same study may be told too. */
  held(study: ListedStudy, signal?: AbortSignal): Promise<HeldImages>;
  /** How many images of the study it holds at present; undefined where that cannot be asked cheaply. */
  count(studyInstanceUid: string, signal?: AbortSignal): Promise<number | undefined>;
}

export type NamedInstance = StoredInstance & {
  readonly identifiers: NonNullable<StoredInstance['identifiers']>;
};

/** What this Orthanc holds of a study, whatever patient it lies under. */
export async function instancesOf(
  orthanc: Orthanc,
  studyInstanceUid: string,
  signal?: AbortSignal,
): Promise<NamedInstance[]> {
  const found = await orthanc.findInstances({
    studyUids: [studyInstanceUid],
    include: ['identifiers'],
    signal,
  });
  return found.flatMap((instance) =>
    instance.identifiers === undefined ? [] : [{ ...instance, identifiers: instance.identifiers }],
  );
}

/** Orthanc itself. What it knows without having its file has not arrived. */
export const arrivalAtOrthanc = (orthanc: Orthanc): Arrival => ({
  isSilent: false,
  async held({ studyInstanceUid }, signal) {
    const instances = await instancesOf(orthanc, studyInstanceUid, signal);
    const whole = instances.filter(({ isWithoutFile }) => isWithoutFile !== true);
    return new Map(
      whole.map(({ identifiers: { sopInstanceUid, seriesUid } }) => [sopInstanceUid, seriesUid]),
    );
  },
  async count(studyInstanceUid, signal) {
    const content = { Level: 'Instance', Query: { StudyInstanceUID: studyInstanceUid } };
    const answer = await orthanc.call({
      method: 'POST',
      path: '/tools/count-resources',
      isFixedRoute: true,
      content,
      signal,
    });
    const { Count: count } = answer as { readonly Count?: unknown };
    return typeof count === 'number' ? count : undefined;
  },
});

/** A modality that Orthanc can ask by C-FIND. */
export function arrivalAtModality(orthanc: Orthanc, alias: string, lane: Lane): Arrival {
  const witness = askModality(orthanc, alias);
  return {
    isSilent: false,
    modality: { alias, lane },
    async held({ studyInstanceUid, series }, signal) {
      const instances = series.flatMap(({ seriesInstanceUid, images }) =>
        [...images].map((uid) => ({ id: uid, seriesUid: seriesInstanceUid, sopInstanceUid: uid })),
      );
      const question = { studyId: '', studyUid: studyInstanceUid, instances, signal };
      const held = await lane(() => witness.held(question));
      return new Map(
        instances
          .filter(({ sopInstanceUid }) => held.has(sopInstanceUid))
          .map(({ sopInstanceUid, seriesUid }) => [sopInstanceUid, seriesUid]),
      );
    },
    async count(studyInstanceUid, signal) {
      const keys = { StudyInstanceUID: studyInstanceUid, NumberOfStudyRelatedInstances: '' };
      const [study] = await lane(() => orthanc.modalities.find(alias, { level: 'Study', keys }, signal));
      const told = Number(study?.['NumberOfStudyRelatedInstances'] ?? '0');
      return Number.isInteger(told) ? told : undefined;
    },
  };
}

/** Somewhere that nobody can ask. */
export const silentArrival: Arrival = {
  isSilent: true,
  held: () => Promise.resolve(new Map()),
  count: () => Promise.resolve(undefined),
};
