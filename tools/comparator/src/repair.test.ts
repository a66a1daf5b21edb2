import { describe, expect, it } from '@jest/globals';
import type { Item } from './item.ts';
import { reconcile } from './repair.ts';

const study = { studyInstanceUid: '1', studyDate: '20240101', level: 'study' } as const;
const series = { ...study, level: 'series', seriesInstanceUid: '1.1' } as const;
const instance = { ...series, level: 'instance', sopInstanceUid: '1.1.1' } as const;
const missing: Pick<Item, 'state'> = { state: 'onlyInOrthanc' };
const wanted = new Set(['onlyInOrthanc'] as const);

describe('after a repair', () => {
  it('what is no longer found is equal, and was not', () => {
    expect(reconcile([{ ...study, ...missing }], [], wanted)).toEqual([
      { ...study, state: 'equal', was: 'onlyInOrthanc', code: 'REPAIRED' },
    ]);
  });

  it.each([
    [study, instance],
    [series, instance],
    [instance, instance],
  ])('what is left of a whole is told, and the whole is not called repaired', (whole, left) => {
    const items = reconcile([{ ...whole, ...missing }], [{ ...left, ...missing }], wanted);
    expect(items).toEqual([{ ...left, ...missing, was: 'onlyInOrthanc', code: 'REPAIR_FAILED' }]);
  });

  it('what nobody wanted repaired stays as it is', () => {
    const conflict: Item = { ...study, state: 'differs', code: 'IDENTITY_CONFLICT' };
    const other: Item = { ...series, state: 'onlyThere' };
    expect(reconcile([conflict, other], [conflict, other], wanted)).toEqual([conflict, other]);
  });

  it.each([study, series, instance])('what could not be looked at is unknown, and not repaired', (whole) => {
    const doubt: Item = { ...study, state: 'unknown', code: 'DESTINATION_UNREACHABLE' };
    expect(reconcile([{ ...whole, ...missing }], [doubt], wanted)).toEqual([doubt]);
  });
});
