import { describe, expect, it } from '@jest/globals';
import type { StudyVerdict } from './comparison.ts';
import type { Item } from './item.ts';
import { reconcile } from './repair.ts';
import type { SideContent } from './side.ts';

const study = { studyInstanceUid: '1', studyDate: '20240101', level: 'study' } as const;
const series = { ...study, level: 'series', seriesInstanceUid: '1.1' } as const;
const instance = { ...series, level: 'instance', sopInstanceUid: '1.1.1' } as const;
const missing: Pick<Item, 'state'> = { state: 'onlyInOrthanc' };
const wanted = new Set(['onlyInOrthanc'] as const);

const contentWith = (...sops: readonly string[]): SideContent => ({
  series: new Map(
    sops.length === 0
      ? []
      : [['1.1', { tags: {}, instances: new Map(sops.map((sop) => [sop, { tags: {} }])) }]],
  ),
  mayBeCut: false,
});
const onBoth = { here: contentWith('1.1.1'), there: contentWith('1.1.1') };

const reconciled = (first: readonly Item[], items: readonly Item[], more: Partial<StudyVerdict> = {}) =>
  reconcile({ items: first }, { items, seen: onBoth, ...more }, wanted);

describe('after a repair', () => {
  it.each([study, series, instance])('what is seen on both sides is equal, and was not', (whole) => {
    expect(reconciled([{ ...whole, ...missing }], [])).toEqual([
      { ...whole, state: 'equal', was: 'onlyInOrthanc', code: 'REPAIRED' },
    ]);
  });

  it.each([
    [study, { here: contentWith(), there: contentWith() }],
    [study, undefined],
    [series, { here: contentWith('1.1.1'), there: contentWith() }],
    [instance, { here: contentWith('1.1.2'), there: contentWith('1.1.2') }],
  ])('what is missing on neither side and was not seen on both is unknown', (whole, seen) => {
    expect(reconciled([{ ...whole, ...missing }], [], { seen })).toEqual([
      expect.objectContaining({ ...whole, state: 'unknown', was: 'onlyInOrthanc', code: 'GONE' }),
    ]);
  });

  it('what neither side has any more is told as that alone', () => {
    const gone: Item = { ...study, state: 'unknown', code: 'GONE' };
    expect(reconciled([{ ...study, ...missing }], [gone], { seen: undefined })).toEqual([gone]);
  });

  it('what is on the other side alone now is told as that alone', () => {
    const turned: Item = { ...study, state: 'onlyThere' };
    expect(reconciled([{ ...series, ...missing }], [turned], { seen: undefined })).toEqual([turned]);
  });

  it.each([
    [study, instance],
    [series, instance],
    [instance, instance],
  ])('what is left of a whole is told, and the whole is not called repaired', (whole, left) => {
    const items = reconciled([{ ...whole, ...missing }], [{ ...left, ...missing }]);
    expect(items).toEqual([{ ...left, ...missing, was: 'onlyInOrthanc', code: 'REPAIR_FAILED' }]);
  });

  it('what nobody wanted repaired stays as it is', () => {
    const conflict: Item = { ...study, state: 'differs', code: 'IDENTITY_CONFLICT' };
    const other: Item = { ...series, state: 'onlyThere' };
    expect(reconciled([conflict, other], [conflict, other])).toEqual([conflict, other]);
  });

  it.each([study, series, instance])('what may be cut is unknown, and not repaired', (whole) => {
    const doubt: Item = { ...study, state: 'unknown', code: 'MAY_BE_CUT' };
    expect(reconciled([{ ...whole, ...missing }], [doubt])).toEqual([doubt]);
  });

  it('what could not be looked at is as different as it was, and unknown beside', () => {
    const conflict: Item = { ...study, state: 'differs', code: 'IDENTITY_CONFLICT' };
    const doubt: Item = { ...study, state: 'unknown', code: 'DESTINATION_UNREACHABLE' };
    const lost = { seen: undefined, isUnseen: true };
    expect(reconciled([{ ...series, ...missing }, conflict], [doubt], lost)).toEqual([
      { ...series, ...missing, was: 'onlyInOrthanc', code: 'REPAIR_UNCONFIRMED' },
      conflict,
      doubt,
    ]);
  });
});
