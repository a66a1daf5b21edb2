import { describe, expect, it } from '@jest/globals';
import { exitCodeMeanings, exitCodes } from './exit-codes.ts';

describe('exit codes', () => {
  it('are the promised numbers', () => {
    expect(exitCodes).toEqual({
      done: 0,
      defect: 1,
      configuration: 2,
      setAside: 3,
      differences: 4,
      interrupted: 130,
    });
  });

  it('have one explanation each', () => {
    expect(exitCodeMeanings.map(({ name, code }) => [name, code])).toEqual(Object.entries(exitCodes));
  });
});
