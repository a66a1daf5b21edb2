import { expect, it } from '@jest/globals';
import { noDeletions, withTold } from './told-deletions.ts';
import { hashOfNothing, makeRecord } from './trail-records.ts';

const toldAfter = (sum: typeof noDeletions, event: string, facts: Record<string, unknown>) =>
  withTold(sum, makeRecord({ seq: 1, at: '', event, facts, previous: hashOfNothing }));
const studies = [{ study: 'a', instances: 3 }, { study: 'b' }];

it('counts what is gone, whole or in part, and nothing that was only begun', () => {
  const told = toldAfter(noDeletions, 'studies.deleted', { studies, inPart: [{ study: 'c', instances: 2 }] });
  expect(told).toMatchObject({ studies: 2, instances: 5 });
  expect(toldAfter(noDeletions, 'studies.deleting', { studies })).toEqual(noDeletions);
});

it('keeps in mind how those ended that were told of since the last that was begun', () => {
  const first = toldAfter(noDeletions, 'studies.deleted', { studies, notDeleted: ['z'] });
  const second = toldAfter(first, 'studies.deleted', { studies: [], inPart: [{ study: 'c', instances: 2 }] });
  expect([...second.last]).toEqual([
    ['a', 'whole'],
    ['b', 'whole'],
    ['c', 'in part'],
  ]);
  expect(toldAfter(second, 'plan', {}).last).toBe(second.last);
  expect(toldAfter(second, 'studies.deleting', { studies })).toEqual({ ...second, last: new Map() });
});
