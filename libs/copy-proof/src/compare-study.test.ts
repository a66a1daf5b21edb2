import { describe, expect, it } from '@jest/globals';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { compareStudy } from './compare-study.ts';

const stored = (id: string, md5: string | undefined, size = 100): StoredInstance => ({
  id,
  seriesId: 's',
  size,
  md5,
});
const verdict = (here: StoredInstance, there: StoredInstance[], wasThereBefore = false) =>
  compareStudy([here], there, () => wasThereBefore)[0]?.verdict;

describe('compareStudy', () => {
  it('takes equal ID and MD5 as proof, whenever it came', () => {
    expect(verdict(stored('a', 'm'), [stored('a', 'm')], true)).toEqual({ is: 'proved', proof: 'id+md5' });
  });

  it('never takes an equal ID for a proof when the MD5s differ', () => {
    expect(verdict(stored('a', 'm'), [stored('a', 'n')])).toEqual({ is: 'different' });
    expect(verdict(stored('a', 'm'), [stored('a', 'n')], true)).toEqual({ is: 'different' });
  });

  it('takes the ID of what was just sent as proof where a server keeps no MD5', () => {
    expect(verdict(stored('a', undefined), [stored('a', 'm')])).toEqual({ is: 'proved', proof: 'id' });
    expect(verdict(stored('a', 'm'), [stored('a', undefined)])).toEqual({ is: 'proved', proof: 'id' });
  });

  it('does not trust the ID of what was there before where a server keeps no MD5', () => {
    expect(verdict(stored('a', 'm'), [stored('a', undefined)], true)).toEqual({ is: 'undecided' });
  });

  it('sees another size even without any MD5', () => {
    expect(verdict(stored('a', undefined), [stored('a', undefined, 101)])).toEqual({ is: 'different' });
  });

  it('proves nothing without a file on both sides', () => {
    const hollow = { ...stored('a', undefined, 0), isWithoutFile: true } as const;
    expect(verdict(hollow, [hollow])).toEqual({ is: 'without file', at: 'source' });
    expect(verdict(hollow, [])).toEqual({ is: 'without file', at: 'source' });
    expect(verdict(stored('a', 'm'), [hollow])).toEqual({ is: 'without file', at: 'destination' });
  });

  it('misses what is not there', () => {
    expect(verdict(stored('a', 'm'), [stored('b', 'm')])).toEqual({ is: 'missing' });
  });
});
