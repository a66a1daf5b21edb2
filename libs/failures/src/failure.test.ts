import { describe, expect, it } from '@jest/globals';
import { ambiguousFailure, configurationError, permanentFailure, transientFailure } from './failure.ts';

describe('a failure', () => {
  it('carries kind, code, facts and cause', () => {
    const cause = new Error('ECONNREFUSED');
    const failure = transientFailure('ORTHANC_UNREACHABLE', 'Orthanc does not answer.', {
      cause,
      facts: { port: 8042 },
      retryAfterMs: 5000,
    });
    expect(failure).toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_UNREACHABLE',
      facts: { port: 8042 },
      retryAfterMs: 5000,
    });
    expect(failure.cause).toBe(cause);
    expect(failure.message).toBe('Orthanc does not answer.');
  });

  it('concerns one item, unless it is one of configuration', () => {
    expect(permanentFailure('A', 'a').scope).toBe('item');
    expect(ambiguousFailure('A', 'a').scope).toBe('item');
    expect(configurationError('A', 'a').scope).toBe('run');
    expect(transientFailure('A', 'a', { scope: 'run' }).scope).toBe('run');
  });

  it('has no cause property when none was given', () => {
    expect('cause' in permanentFailure('A', 'a')).toBe(false);
  });
});
