/**
 * What a failure asks of the one who sees it:
 * `configuration` cannot ever work like this; `transient` was provably not accepted and may be repeated;
 * `ambiguous` may have been accepted, so look before repeating; `permanent` would fail again.
 */
export type FailureKind = 'configuration' | 'transient' | 'ambiguous' | 'permanent';

/** `run`: the fault lies with a server or the machine and must not cost any item an attempt. */
export type FailureScope = 'item' | 'run';

export type FailureFacts = Readonly<Record<string, string | number | boolean>>;

export interface FailureDetails {
  readonly scope?: FailureScope | undefined;
  readonly cause?: unknown;
  /** Fields for logs and reports; never secrets, never patient data. */
  readonly facts?: FailureFacts | undefined;
  /** How long the other side asked us to wait. */
  readonly retryAfterMs?: number | undefined;
}

interface FailureSubject {
  readonly kind: FailureKind;
  /** Stable and upper case, such as `ORTHANC_UNREACHABLE`: what logs, reports and tests match on. */
  readonly code: string;
  readonly message: string;
}

/** An expected failure. Recognise one with `asFailure`, never with `instanceof`: several bundles may be loaded. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  readonly scope: FailureScope;
  readonly facts: FailureFacts;
  readonly retryAfterMs: number | undefined;

  constructor(subject: FailureSubject, details: FailureDetails = {}) {
    super(subject.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.kind = subject.kind;
    this.code = subject.code;
    this.scope = details.scope ?? (subject.kind === 'configuration' ? 'run' : 'item');
    this.facts = details.facts ?? {};
    this.retryAfterMs = details.retryAfterMs;
  }
}

type MakeFailure = (code: string, message: string, details?: FailureDetails) => Failure;

const failureOf =
  (kind: FailureKind): MakeFailure =>
  (code, message, details) =>
    new Failure({ kind, code, message }, details);

/** Cannot start, or can never work like this: printed without a stack, exit code 2. Its scope is `run` unless told otherwise. */
export const configurationError: MakeFailure = failureOf('configuration');

/** Provably not accepted: safe to repeat later. */
export const transientFailure: MakeFailure = failureOf('transient');

/** Perhaps accepted: find out before repeating. */
export const ambiguousFailure: MakeFailure = failureOf('ambiguous');

/** Would fail again in the same way: set the item aside. */
export const permanentFailure: MakeFailure = failureOf('permanent');
