import { describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import type { Logger } from '@orthanc-tools/telemetry';
import { carryWhileItWorks } from './carry-while-it-works.ts';
import type { Carrier, Errand } from './carrier.ts';

const told: string[] = [];
const log = { warn: (event: string) => void told.push(event) } as unknown as Logger;
const errand = { view: { missing: [{}] }, claim: { attempt: 1 } } as unknown as Errand;
const carrying = (carry: Carrier['carry']): Carrier => ({
  catchUp: () => Promise.resolve(),
  carryOne: () => Promise.resolve(undefined),
  carry,
});

describe('a way that nobody has ordered', () => {
  it('is kept where its destination is full, which it would be by any other way too', async () => {
    let tries = 0;
    const carrier = carryWhileItWorks({
      chosen: carrying(() => {
        tries += 1;
        return Promise.reject(transientFailure('DESTINATION_FULL', 'It is full.', { scope: 'run' }));
      }),
      fallback: carrying(() => Promise.reject(new Error('not asked for'))),
      log,
    });
    const how = {} as Parameters<Carrier['carry']>[1];
    for (let visit = 0; visit < 2; visit += 1)
      await expect(carrier.carry([errand], how)).rejects.toMatchObject({ code: 'DESTINATION_FULL' });
    expect(tries).toBe(2);
    expect(told).toEqual([]);
  });
});
