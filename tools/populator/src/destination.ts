import type { Failure } from '@orthanc-tools/failures';
import type { MadeInstance, StudyInHand } from './made-instance.ts';

/** What became of one instance. */
export type Fate = 'stored' | 'alreadyThere' | Failure;

/** Where instances go: an Orthanc, or a folder. */
export interface Destination extends AsyncDisposable {
  /** One fate per instance, in the same order. @throws a failure that concerns all of them, `run` in scope or not */
  store(batch: readonly MadeInstance[]): Promise<readonly Fate[]>;
  /** Once all instances of the study have been answered for, and at least one is there. Tells how many labels it got. */
  complete(study: StudyInHand): Promise<number>;
}
