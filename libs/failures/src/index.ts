export { allEnded } from './all-ended.ts';
export { asFailure } from './as-failure.ts';
export { describeFailure } from './describe-failure.ts';
export type { FailureDescription } from './describe-failure.ts';
export { exitCodeMeanings, exitCodes } from './exit-codes.ts';
export type { ExitCode, ExitCodeMeaning } from './exit-codes.ts';
export {
  Failure,
  ambiguousFailure,
  configurationError,
  permanentFailure,
  transientFailure,
} from './failure.ts';
export type { FailureDetails, FailureFacts, FailureKind, FailureScope } from './failure.ts';
export type { Finding } from './finding.ts';
export { sideBySide } from './side-by-side.ts';
export { withAdvice } from './with-advice.ts';
