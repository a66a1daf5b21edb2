import { describe, expect, it } from '@jest/globals';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { judgeHeld } from './judge-held.ts';

const instance: StoredInstance = { id: 'i', seriesId: 's', size: 10, md5: 'aa' };
const withoutMd5: StoredInstance = { ...instance, md5: undefined };
const before = { kind: 'orthanc', wasAbsent: false } as const;
const after = { kind: 'orthanc', wasAbsent: true } as const;

describe('what an Orthanc holds', () => {
  it.each([
    ['the same MD5', instance, [{ md5: 'aa', size: 10 }], before, { is: 'proved', proof: 'id+md5' }],
    ['another MD5', instance, [{ md5: 'bb', size: 10 }], after, { is: 'different' }],
    ['no MD5 and another size', instance, [{ id: 'i', size: 11 }], after, { is: 'different' }],
    ['no MD5, sent by us', instance, [{ id: 'i', size: 10 }], after, { is: 'proved', proof: 'id' }],
    ['no MD5, there before', instance, [{ id: 'i', size: 10 }], before, { is: 'undecided' }],
    ['no MD5 of ours', withoutMd5, [{ id: 'i', md5: 'aa', size: 10 }], before, { is: 'undecided' }],
    ['no MD5, of another patient', instance, [{ id: 'of another', size: 10 }], after, { is: 'different' }],
    [
      'no MD5, of another patient and ours',
      instance,
      [
        { id: 'of another', size: 10 },
        { id: 'i', size: 10 },
      ],
      after,
      { is: 'proved', proof: 'id' },
    ],
    ['no file', instance, [{ isWithoutFile: true }], after, { is: 'without file', at: 'destination' }],
    [
      'another copy, and ours',
      instance,
      [{ md5: 'bb' }, { md5: 'aa' }],
      before,
      { is: 'proved', proof: 'id+md5' },
    ],
    ['nothing', instance, undefined, after, { is: 'missing' }],
    ['no copy', instance, [], after, { is: 'missing' }],
  ] as const)('%s', (_, ours, copies, circumstances, verdict) => {
    expect(judgeHeld(ours, copies, circumstances)).toEqual(verdict);
  });
});

describe.each(['c-find', 'commitment', 'qido'] as const)('what is found by %s', (kind) => {
  it('is proved if it was absent before the sending, and else not', () => {
    expect(judgeHeld(instance, [{}], { kind, wasAbsent: true })).toEqual({ is: 'proved', proof: kind });
    expect(judgeHeld(instance, [{}], { kind, wasAbsent: false })).toEqual({ is: 'undecided' });
    expect(judgeHeld(instance, undefined, { kind, wasAbsent: true })).toEqual({ is: 'missing' });
  });

  it('is never proved of an instance without a file', () => {
    const empty: StoredInstance = { ...instance, size: 0, md5: undefined, isWithoutFile: true };
    expect(judgeHeld(empty, [{}], { kind, wasAbsent: true })).toEqual({ is: 'without file', at: 'source' });
  });
});
