import { transientFailure } from '@orthanc-tools/failures';
import { describe, expect, it } from '@jest/globals';
import { halving } from './halving.ts';

const silent = transientFailure('DESTINATION_NO_ANSWER', 'gave no answer in time');
const year = { from: '20240101', to: '20241231' };
const day = { from: '20240101', to: '20240101' };

describe('days that failed', () => {
  it('are asked for in halves', () => {
    expect(halving().isWanted(year, silent)).toBe(true);
  });

  it.each(['DESTINATION_UNREACHABLE', 'DESTINATION_REJECTS_ASSOCIATION'])('are not after %s', (code) => {
    expect(halving().isWanted(year, transientFailure(code, 'is away'))).toBe(false);
  });

  it('are not where single days fail one after the other', () => {
    const { isWanted, noting } = halving();
    isWanted(day, silent);
    expect(isWanted(year, silent)).toBe(true);
    isWanted(day, silent);
    expect(isWanted(year, silent)).toBe(false);
    noting([]);
    expect(isWanted(year, silent)).toBe(true);
  });
});
