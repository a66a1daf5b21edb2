import type { Failure } from '@orthanc-tools/failures';
import type { Recheck } from './recheck-study.ts';

/** How it ended for each study of a portion. */
export type Fate =
  | { readonly is: 'deleted'; readonly instances: number; readonly bytes: number; readonly rule: string }
  /** What was named is gone, and the study is not: something had come within the last moment. */
  | { readonly is: 'torn'; readonly instances: number; readonly left: number; readonly rule: string }
  | Exclude<Recheck, { readonly is: 'deletable' }>
  | { readonly is: 'left'; readonly why: 'not elsewhere' }
  | { readonly is: 'failed'; readonly failure: Failure };
