import { describe, expect, it } from '@jest/globals';
import { transientFailure } from './failure.ts';
import { withAdvice } from './with-advice.ts';

describe('withAdvice', () => {
  it('adds what to do to a failure of that code, and keeps all else', () => {
    const away = transientFailure('AWAY', 'It is away', { scope: 'run', facts: { port: 1 } });
    expect(withAdvice(away, { AWAY: 'Check --url (URL).' })).toMatchObject({
      kind: 'transient',
      code: 'AWAY',
      scope: 'run',
      facts: { port: 1 },
      message: 'It is away. Check --url (URL).',
    });
  });

  it('leaves everything else as it is', () => {
    const away = transientFailure('AWAY', 'It is away');
    const defect = new Error('no');
    expect(withAdvice(away, { GONE: 'Look.' })).toBe(away);
    expect(withAdvice(defect, { AWAY: 'Look.' })).toBe(defect);
  });
});
