import { asFailure } from './as-failure.ts';
import type { FailureFacts, FailureKind } from './failure.ts';

/** A failure as plain fields. As free of secrets as the error that was given. */
export interface FailureDescription {
  readonly kind: FailureKind | 'defect';
  /** `DEFECT` for an error that nobody foresaw. */
  readonly code: string;
  readonly message: string;
  readonly facts: FailureFacts;
  /** Messages of the causes, nearest first; bounded, as causes may form a circle. */
  readonly causes: readonly string[];
}

const deepestCause = 8;

function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    // Node reports several failed connection attempts as one AggregateError without a message.
    if (error.message === '' && 'errors' in error && Array.isArray(error.errors))
      return error.errors.map(messageOf).join('; ');
    return String(error.message);
  }
  return typeof error === 'string' ? error : `thrown: ${Object.prototype.toString.call(error)}`;
}

function causeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}

function causesOf(error: unknown): string[] {
  const causes: string[] = [];
  for (
    let cause = causeOf(error);
    cause !== undefined && causes.length < deepestCause;
    cause = causeOf(cause)
  ) {
    causes.push(messageOf(cause));
  }
  return causes;
}

/** Says what happened, for a log line or a report. */
export function describeFailure(error: unknown): FailureDescription {
  const failure = asFailure(error);
  return {
    kind: failure?.kind ?? 'defect',
    code: failure?.code ?? 'DEFECT',
    message: messageOf(failure ?? error),
    facts: failure?.facts ?? {},
    causes: causesOf(failure ?? error),
  };
}
