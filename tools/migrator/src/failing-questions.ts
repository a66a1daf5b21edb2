import { type Span, secondsOf } from '@orthanc-tools/study-search';

/** What is known of questions for spans that failed, of all searches of a run. */
export interface FailingQuestions {
  /** That the source has answered one: whatever failed before, it does answer. */
  answered(): void;
  /** Whether a span that has failed again is to be asked for in parts. Told of each time. */
  isToBeSplit(span: Span): boolean;
}

/** Less of a day than this, in seconds, is not asked for in parts because it fails. */
const shortestSplit = 6 * 3600;

/** After so many failures in a row without a single answer it is not the size of what was asked for. */
const patience = 1000;

/**
 * Parts of what fails may all fail as well: without an end to it, one day would become the seconds of that day, and each
 * of these a question for each modality. Caps are another matter, as each part of an answer that was cut tells something.
 */
export function failingQuestions(): FailingQuestions {
  let inARow = 0;
  return {
    answered: () => {
      inARow = 0;
    },
    isToBeSplit: (span) => {
      inARow += 1;
      return inARow <= patience && isLongEnough(span);
    },
  };
}

function isLongEnough(span: Span): boolean {
  const { dates, modality } = span;
  if (dates === undefined) return modality === undefined;
  return dates.from !== dates.to || secondsOf(span) >= shortestSplit;
}
