import { describe, expect, it } from '@jest/globals';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { transientFailure } from '@orthanc-tools/failures';
import { tempoTo } from './tempo.ts';

function destinationThat(answer: (time: number) => Promise<unknown>) {
  let asked = 0;
  const orthanc = { now: () => answer((asked += 1)) } as unknown as Orthanc;
  return { tempo: tempoTo(orthanc), asked: () => asked };
}
const late = () => new Promise((resolve) => setTimeout(resolve, 30));

describe('tempoTo', () => {
  it('knows a near destination from one prompt answer on, and asks no more', async () => {
    const { tempo, asked } = destinationThat((time) => (time < 5 ? late() : Promise.resolve()));
    const isNear = async () => (await tempo()).isNear;
    expect([await isNear(), await isNear(), await isNear(), await isNear()]).toEqual([
      ...[false, false],
      ...[true, true],
    ]);
    expect(asked()).toBe(5);
  });

  it('takes a destination for far that does not tell the time, and goes on', async () => {
    const { tempo } = destinationThat(() =>
      Promise.reject(transientFailure('ORTHANC_UNAUTHORIZED', 'forbidden')),
    );
    expect((await tempo()).isNear).toBe(false);
  });
});
