import type { Failure } from '@orthanc-tools/failures';
import type { MadeInstance, StudyInHand } from './made-instance.ts';

/** What became of one instance. */
export type Fate = 'stored' | 'alreadyThere' | Failure;

/** How much is to travel together at most; a larger instance travels alone. */
export interface BatchLimits {
  readonly instances: number;
  readonly bytes: number;
}

/** Where instances go: an Orthanc, or a folder. */
export interface Destination extends AsyncDisposable {
  readonly batchLimits: BatchLimits;
  /** One fate per instance, in the same order. @throws a failure that concerns all of them, `run` in scope or not */
  store(batch: readonly MadeInstance[]): Promise<readonly Fate[]>;
  /** Once all instances of the study have been answered for, and at least one is there. Tells how many labels it got. */
  complete(study: StudyInHand): Promise<number>;
}
