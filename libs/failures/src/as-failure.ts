import type { Failure, FailureKind } from './failure.ts';

const kinds: ReadonlySet<string> = new Set<FailureKind>([
  'configuration',
  'transient',
  'ambiguous',
  'permanent',
]);

function hasShapeOfFailure(error: unknown): error is Failure {
  if (!(error instanceof Error) && Object.prototype.toString.call(error) !== '[object Error]') return false;
  const { kind, code, scope, facts } = error as Partial<Failure>;
  return (
    typeof kind === 'string' &&
    kinds.has(kind) &&
    typeof code === 'string' &&
    (scope === 'item' || scope === 'run') &&
    typeof facts === 'object'
  );
}

/**
 * What was thrown first, when giving something free failed after the work with it had failed. Told by its shape: Node 22
 * has no such class, and what builds for it makes its own.
 */
function suppressedIn(error: unknown): { readonly first: unknown; readonly second: unknown } | undefined {
  const isSuppressing = error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error;
  return isSuppressing && 'error' in error ? { first: error.suppressed, second: error.error } : undefined;
}

/**
 * The error as an expected failure, told by its shape; `undefined` means that it is a defect of ours and must not be
 * repeated. Of two failures, one in the work and one in giving free what it worked with, the first counts.
 */
export function asFailure(error: unknown): Failure | undefined {
  if (hasShapeOfFailure(error)) return error;
  const both = suppressedIn(error);
  if (both === undefined || asFailure(both.second) === undefined) return undefined;
  return asFailure(both.first);
}
