import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { asFailure } from './as-failure.ts';
import { permanentFailure } from './failure.ts';

describe('asFailure', () => {
  it('recognises a failure that another copy of the library has made', () => {
    const foreign: unknown = runInNewContext(
      `Object.assign(new Error('no'), { kind: 'permanent', code: 'X', scope: 'item', facts: {} })`,
    );
    expect(asFailure(foreign)).toBe(foreign);
    const own = permanentFailure('X', 'no');
    expect(asFailure(own)).toBe(own);
  });

  it.each([
    ['an error of Node', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
    [
      'a kind nobody knows',
      Object.assign(new Error('x'), { kind: 'odd', code: 'X', scope: 'item', facts: {} }),
    ],
    ['something that is no error', { kind: 'permanent', code: 'X', scope: 'item', facts: {} }],
    ['nothing', undefined],
    ['null', null],
    ['text', 'permanent'],
  ])('takes %s for a defect', (_what, error) => {
    expect(asFailure(error)).toBeUndefined();
  });

  const disposal = permanentFailure('Y', 'cannot be closed either');
  const suppressing = (second: unknown, first: unknown) =>
    Object.assign(new Error('suppressed'), { name: 'SuppressedError', error: second, suppressed: first });

  it('takes the failure of the work for what happened, where giving free failed after it', () => {
    const own = permanentFailure('X', 'no');
    expect(asFailure(suppressing(disposal, own))).toBe(own);
    expect(asFailure(suppressing(disposal, suppressing(disposal, own)))).toBe(own);
  });

  it('lets no failure hide a defect in the work or in giving free', () => {
    const defect = new TypeError('x is undefined');
    expect(asFailure(suppressing(disposal, defect))).toBeUndefined();
    expect(asFailure(suppressing(defect, disposal))).toBeUndefined();
  });
});
