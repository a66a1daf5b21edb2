import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transientFailure } from '@orthanc-tools/failures';
import { describe, expect, it } from '@jest/globals';
import { byLevel } from './attributes.ts';
import type { Item } from './item.ts';
import { type RepairRequest, openRepair, reconcile } from './repair.ts';
import type { Level, Side, SideContent, SideStudy } from './side.ts';

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

type Looked = Partial<Parameters<typeof reconcile>[1]>;

const reconciled = (first: readonly Item[], items: readonly Item[], more: Looked = {}) =>
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
  it('what could not be looked at image by image is as different as it was, beside what was seen', () => {
    const conflict: Item = { ...study, state: 'differs', code: 'IDENTITY_CONFLICT' };
    const other = { ...series, seriesInstanceUid: '1.2' };
    const doubt: Item = { ...study, state: 'unknown', code: 'DESTINATION_NO_ANSWER' };
    const first = [{ ...series, ...missing }, { ...other, ...missing }, conflict];
    expect(reconciled(first, [{ ...other, ...missing }, conflict], { unseenInDepth: [doubt] })).toEqual([
      { ...series, ...missing, was: 'onlyInOrthanc', code: 'REPAIR_UNCONFIRMED' },
      { ...other, ...missing, was: 'onlyInOrthanc', code: 'REPAIR_FAILED' },
      conflict,
      doubt,
    ]);
  });
});

/** A side that has the study, and whose images cannot be asked for. */
function silentSide(): Side {
  const held: SideStudy = {
    uid: '1',
    date: '20240101',
    tags: {},
    instances: undefined,
    orthancId: undefined,
  };
  const contentOf = () => Promise.reject(transientFailure('DESTINATION_NO_ANSWER', 'It is silent.'));
  const side = { name: 'side', tellsAll: false, studiesByUid: () => Promise.resolve(new Map([['1', held]])) };
  return { ...side, contentOf } as unknown as Side;
}

it('a repair whose images could not be looked at is told as not confirmed, and is logged', async () => {
  const errorLogFilePath = join(mkdtempSync(join(tmpdir(), 'repair-')), 'errors.log');
  const at = (level: Level) => ({
    here: silentSide(),
    there: silentSide(),
    depth: { level, attributes: byLevel([]) },
  });
  const request = {
    options: { transferMissingToModality: true, errorLogFilePath },
    context: { signal: new AbortController().signal },
    sides: { inDepth: at('Instance') },
    comparison: { ...at('Study'), note: () => undefined },
  } as unknown as RepairRequest;
  const found = { uid: '1', date: '20240101', items: [{ ...study, ...missing }], commonInstances: 0 };
  const { items } = await openRepair(request)({ ...found, orthancId: undefined });
  expect(items).toMatchObject([
    { ...study, ...missing, was: 'onlyInOrthanc', code: 'REPAIR_UNCONFIRMED' },
    { ...study, state: 'unknown', code: 'DESTINATION_NO_ANSWER' },
  ]);
  expect(readFileSync(errorLogFilePath, 'utf8')).toBe('1,20240101,study\n');
});
