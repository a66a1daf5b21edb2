import { describe, expect, it } from '@jest/globals';
import { bearsId, mayBearId, questionFor } from './patient-id.ts';

describe('a PatientID', () => {
  it.each([
    ['A*1', 'A?1'],
    ['A?1', 'A?1'],
    ['A\\1', 'A?1'],
    [' A 1 ', 'A 1'],
  ])('%s is asked for as no other pattern and no list', (id, asked) => {
    expect(questionFor(id)).toBe(asked);
  });

  it.each([
    ['A*1', 'A*1', true],
    ['A*1 ', ' A*1', true],
    ['A?1', 'AB1', false],
    ['A*1', 'ABC1', false],
    ['A\\1', 'A', false],
    ['a1', 'A1', false],
    ['A1', undefined, false],
  ])('%s is borne by %s: %s', (id, told, does) => {
    const tags: Readonly<Record<string, string>> = told === undefined ? {} : { PatientID: told };
    expect([bearsId(tags, id), mayBearId(tags, id)]).toEqual([does, does]);
  });

  it('that C-FIND may not be able to tell is not held against whom it tells', () => {
    expect(mayBearId({ PatientID: 'M?ller' }, 'Müller')).toBe(true);
    expect(bearsId({ PatientID: 'M?ller' }, 'Müller')).toBe(false);
  });
});
