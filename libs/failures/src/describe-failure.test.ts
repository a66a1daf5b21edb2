import { describe, expect, it } from '@jest/globals';
import { describeFailure } from './describe-failure.ts';
import { permanentFailure, transientFailure } from './failure.ts';

describe('describeFailure', () => {
  it('names kind, code, facts and the chain of causes', () => {
    const cause = new Error('fetch failed', { cause: new Error('ECONNREFUSED') });
    expect(
      describeFailure(transientFailure('AWAY', 'Does not answer.', { cause, facts: { port: 1 } })),
    ).toEqual({
      kind: 'transient',
      code: 'AWAY',
      message: 'Does not answer.',
      facts: { port: 1 },
      causes: ['fetch failed', 'ECONNREFUSED'],
    });
  });

  it('calls an unforeseen error a defect', () => {
    expect(describeFailure(new TypeError('x is undefined'))).toMatchObject({
      kind: 'defect',
      code: 'DEFECT',
      message: 'x is undefined',
    });
    expect(describeFailure('text')).toMatchObject({ kind: 'defect', message: 'text' });
    expect(describeFailure(undefined)).toMatchObject({
      kind: 'defect',
      message: 'thrown: [object Undefined]',
    });
  });

  it('says what happened first, where giving free failed too', () => {
    const [first, second] = [permanentFailure('X', 'no'), permanentFailure('Y', 'neither')];
    const both = Object.assign(new Error(''), { name: 'SuppressedError', error: second, suppressed: first });
    expect(describeFailure(both)).toMatchObject({ code: 'X', message: 'no', causes: [] });
  });

  it('ends although causes go in a circle', () => {
    const error = new Error('a');
    error.cause = error;
    expect(describeFailure(error).causes).toHaveLength(8);
  });

  it('reads the parts of an aggregate that has no message of its own', () => {
    const both = new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')]);
    expect(describeFailure(new Error('no connection', { cause: both })).causes).toEqual([
      '::1 refused; 127.0.0.1 refused',
    ]);
  });
});
