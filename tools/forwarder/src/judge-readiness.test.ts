import { describe, expect, it } from '@jest/globals';
import { judgeReadiness } from './judge-readiness.ts';

const quietMs = 10_000;
const at = (lastUpdate: number, isStable: boolean) =>
  judgeReadiness({ isStable, lastUpdate }, { now: 100_000, quietMs });

describe('a unit', () => {
  it('goes when it is stable and was quiet for long enough', () => {
    expect(at(90_000, true)).toEqual({ is: 'ready' });
  });

  it('waits for the rest of the quiet time, though Orthanc calls it stable', () => {
    expect(at(95_000, true)).toEqual({ is: 'arriving', againInMs: 5000 });
  });

  it('waits for Orthanc, however quiet it is', () => {
    expect(at(0, false)).toEqual({ is: 'arriving', againInMs: 2000 });
  });
});
