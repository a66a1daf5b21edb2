import type { Failure } from '@orthanc-tools/failures';
import type { Recheck } from './recheck-study.ts';

/** Not deleted, as it is not as it was planned. */
export interface Left {
  readonly is: 'left';
  readonly why:
    | Extract<Recheck, { readonly is: 'left' }>['why']
    | 'not elsewhere'
    | 'other bytes elsewhere'
    | 'disk has room';
  /** So many instances of it had been deleted before, by a request of which nobody heard how it ended; undefined where none had. */
  readonly gone?: number;
}

/** How it ended for each study of a portion. */
export type Fate =
  | { readonly is: 'deleted'; readonly instances: number; readonly bytes: number; readonly rule: string }
  /** What was named is gone, and the study is not: something had come within the last moment. */
  | { readonly is: 'torn'; readonly instances: number; readonly left: number; readonly rule: string }
  | Extract<Recheck, { readonly is: 'vanished' }>
  | Left
  | { readonly is: 'failed'; readonly failure: Failure };
