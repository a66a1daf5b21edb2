import { describe, expect, it } from '@jest/globals';
import { diskLimit, parsePercent } from './disk-limit.ts';

const giga = 1024 ** 3;

describe('the limit of the disk', () => {
  it.each([
    ['80%', 80],
    ['100 %', 100],
    ['0%', undefined],
    ['101%', undefined],
    ['80', undefined],
  ])('reads the share %s', (written, percent) => {
    expect(parsePercent(written)).toBe(percent);
  });

  it.each([
    [{ diskThreshold: undefined, diskCapacity: '1GB', ownMaximum: 5 }, undefined],
    [{ diskThreshold: '1GB', diskCapacity: undefined, ownMaximum: 0 }, { threshold: giga }],
    [
      { diskThreshold: '50%', diskCapacity: '2GB', ownMaximum: 9 },
      { threshold: giga, capacity: 2 * giga },
    ],
    [
      { diskThreshold: '50%', diskCapacity: undefined, ownMaximum: 8 },
      { threshold: 4, capacity: 8 },
    ],
  ])('is %j', (said, limit) => {
    expect(diskLimit(said)).toEqual(limit === undefined ? undefined : { capacity: undefined, ...limit });
  });

  it('is refused as a share of nobody knows what', () => {
    expect(() => diskLimit({ diskThreshold: '80%', diskCapacity: undefined, ownMaximum: 0 })).toThrow(
      '--disk-threshold (DISK_THRESHOLD) = 80%: of how much?',
    );
  });
});
