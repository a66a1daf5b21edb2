import { asFailure } from './as-failure.ts';
import { Failure } from './failure.ts';

/** The failure with a sentence more that says what to do, by its code; any other error as it is. */
export function withAdvice(error: unknown, advice: Readonly<Record<string, string>>): unknown {
  const failure = asFailure(error);
  const sentence = failure && advice[failure.code];
  if (failure === undefined || sentence === undefined) return error;
  const { kind, code, message, cause, facts, scope, retryAfterMs } = failure;
  const subject = { kind, code, message: `${message.replace(/\.$/, '')}. ${sentence}` };
  return new Failure(subject, { cause, facts, scope, retryAfterMs });
}
