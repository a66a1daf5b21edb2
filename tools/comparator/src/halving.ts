import type { Failure } from '@orthanc-tools/failures';
import type { FoundTags } from '@orthanc-tools/orthanc-client';
import type { SideDates } from './side.ts';

/** Whether a modality that fails for some days is asked for them in halves. */
export interface Halving {
  isWanted(dates: SideDates, failure: Failure): boolean;
  /** Any answer: whatever failed before, it is there. */
  noting<Answer extends readonly FoundTags[]>(answer: Answer): Answer;
}

const away = new Set(['DESTINATION_UNREACHABLE', 'DESTINATION_REJECTS_ASSOCIATION']);

/** After so many single days without an answer it is not the number of days. */
const patience = 2;

/** Some refuse, or never end, what is too much for them; who is away answers no half either. */
export function halving(): Halving {
  let failedDays = 0;
  return {
    isWanted: ({ from, to }, { code }) => {
      if (from === to) failedDays += 1;
      return !away.has(code) && failedDays < patience;
    },
    noting: (answer) => {
      failedDays = 0;
      return answer;
    },
  };
}
