import { permanentFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { describe, expect, it } from '@jest/globals';
import { byLevel } from './attributes.ts';
import { orthancSide } from './orthanc-side.ts';

const sideOf = (isLean: boolean, count: () => Promise<number>) =>
  orthancSide({
    orthanc: { url: 'http://a', resources: { count } } as unknown as Orthanc,
    depth: { level: 'Study', attributes: byLevel([]) },
    isLean,
    signal: new AbortController().signal,
    persist: (ask) => ask(),
  });

describe('how much an Orthanc holds of some days', () => {
  const days = { from: '20240101', to: '20240131' };
  const refuse = () => Promise.reject(permanentFailure('ORTHANC_REFUSED', 'no'));

  it.each([
    ['is what it counts', true, () => Promise.resolve(7), 7],
    ['is not known where it cannot count', false, refuse, undefined],
    ['is not known where it fails to', true, refuse, undefined],
  ] as const)('%s', async (_, isLean, count, told) => {
    expect(await sideOf(isLean, count).countOf(days)).toBe(told);
  });
});
