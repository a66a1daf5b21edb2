import { expect, it } from '@jest/globals';
import { noDeletions, withTold } from './told-deletions.ts';
import { hashOfNothing, makeRecord } from './trail-records.ts';

const told = (event: string, facts: Record<string, unknown>) =>
  withTold(noDeletions, makeRecord({ seq: 1, at: '', event, facts, previous: hashOfNothing }));

it('counts what is gone, whole or in part, and nothing that was only begun', () => {
  const studies = [{ study: 'a', instances: 3 }, { study: 'b' }];
  expect(told('studies.deleted', { studies, inPart: [{ study: 'c', instances: 2 }] })).toEqual({
    studies: 2,
    instances: 5,
  });
  expect(told('studies.deleting', { studies })).toEqual(noDeletions);
});
