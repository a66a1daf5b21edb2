import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { derivedUidLength, isValidUid, uidFromHash } from './uids.ts';

describe('isValidUid', () => {
  it.each(['1.2', '0.0', '2.25.0', '1.2.840.10008.1.2.1', `1.${'2'.repeat(62)}`])('accepts %s', (uid) => {
    expect(isValidUid(uid)).toBe(true);
  });

  it.each(['', '1', '1.', '.1', '1..2', '1.02', '1.2.a', '1.2 ', `1.${'2'.repeat(63)}`])(
    'refuses %p',
    (uid) => {
      expect(isValidUid(uid)).toBe(false);
    },
  );
});

describe('uidFromHash', () => {
  it('gives the same UID for the same parts, on every machine', () => {
    expect(uidFromHash('seed', 'study', 7)).toBe('2.25.308377449257179013887374748973909292348');
  });

  it('tells apart parts that would be equal when joined', () => {
    expect(uidFromHash('a', 'bc')).not.toBe(uidFromHash('ab', 'c'));
    expect(uidFromHash(1)).not.toBe(uidFromHash('1'));
  });

  it('makes valid UIDs of one length from whatever it is given', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.integer())), (parts) => {
        const uid = uidFromHash(...parts);
        expect(uid).toHaveLength(derivedUidLength);
        expect(isValidUid(uid)).toBe(true);
      }),
    );
  });

  it('marks the number as a UUID of version 8', () => {
    const uuid = BigInt(uidFromHash('any').slice('2.25.'.length)).toString(16);
    expect(uuid).toMatch(/^[89a-f].{11}8.{3}[89ab].{15}$/);
  });
});
