import { describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import { knownPlace } from './known-place.ts';

const busy = transientFailure('ORTHANC_BUSY', 'busy');
const stopped = transientFailure('ORTHANC_UNREACHABLE', 'refused', { scope: 'run' });

function placeRead() {
  const time = { ms: 0 };
  const place = knownPlace(() => time.ms);
  expect(place.isKnown).toBe(false);
  place.noteRead();
  return { place, time };
}

describe('the place in the change log', () => {
  it('is known until the inbox has failed for longer than a moment', () => {
    const { place, time } = placeRead();
    place.noteFailed(busy, time.ms);
    time.ms = 1500;
    expect(place.isKnown).toBe(true);
    place.noteFailed(busy, time.ms);
    time.ms = 3500;
    expect(place.isKnown).toBe(false);
    place.noteRead();
    expect(place.isKnown).toBe(true);
  });

  it('is known again after a moment, from which the next one is counted anew', () => {
    const { place, time } = placeRead();
    place.noteFailed(busy, time.ms);
    place.noteRead();
    time.ms = 10_000;
    place.noteFailed(busy, time.ms);
    expect(place.isKnown).toBe(true);
  });

  it('is not known any more where nobody listened', () => {
    const { place, time } = placeRead();
    place.noteFailed(stopped, time.ms);
    expect(place.isKnown).toBe(false);
  });
});
