import { type Compared, compareStudy } from '@orthanc-tools/copy-proof';
import type { StoredInstance, StudyHead } from '@orthanc-tools/orthanc-client';
import type { Lanes } from './lanes.ts';
import type { Tell } from './storing-line.ts';

/** A study as both sides told it before anything was sent. */
export interface StudyView {
  readonly studyId: string;
  /** Undefined where the source does not know the study. */
  readonly head: StudyHead | undefined;
  readonly here: readonly StoredInstance[];
  readonly there: readonly StoredInstance[];
  /** What is to be sent. */
  readonly missing: readonly StoredInstance[];
}

/** What a visit goes through with. */
export interface Crossing {
  readonly lanes: Lanes;
  readonly tell: Tell;
  /** Aborted when the time to finish is over. */
  readonly signal: AbortSignal;
}

export const instancesThatAre = (
  what: Compared['verdict']['is'],
  compared: readonly Compared[],
): StoredInstance[] => compared.filter(({ verdict }) => verdict.is === what).map(({ instance }) => instance);

/** What is to be sent; nothing of what the destination holds already, with whatever content. */
export function missingIn({ here, there }: Pick<StudyView, 'here' | 'there'>): StoredInstance[] {
  return instancesThatAre(
    'missing',
    compareStudy(here, there, () => true),
  );
}
