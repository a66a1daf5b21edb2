import { describe, expect, it } from '@jest/globals';
import { permanentFailure } from '@orthanc-tools/failures';
import { sendInParts } from './send-in-parts.ts';

const no = permanentFailure('INSTANCE_REFUSED', 'no');
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A destination that ends the association at the first instance that it refuses, as it is with Orthanc's jobs. */
function destinationRefusing(isRefused: (one: number) => boolean) {
  const held = new Set<number>();
  let sendings = 0;
  const sending = {
    send: (some: readonly number[]) => {
      sendings += 1;
      const first = some.findIndex(isRefused);
      for (const one of first === -1 ? some : some.slice(0, first)) held.add(one);
      return Promise.resolve(first === -1 ? undefined : no);
    },
    left: (some: readonly number[]) => Promise.resolve(some.filter((one) => !held.has(one))),
    isDoubted: () => false,
  };
  return { sending, held, sendings: () => sendings };
}

describe('a sending in parts', () => {
  it('is one sending where nothing is refused', async () => {
    const { sending, sendings } = destinationRefusing(() => false);
    expect(await sendInParts([numbers(100)], sending)).toEqual({ refused: new Map(), failure: undefined });
    expect(sendings()).toBe(1);
  });

  it.each([
    ['at the start', (one: number) => one < 5],
    ['here and there', (one: number) => one % 97 === 3],
    ['in the first of several shipments', (one: number) => one === 0],
  ])('leaves out nothing but what is refused: %s', async (_, isRefused) => {
    const { sending, held } = destinationRefusing(isRefused);
    const all = numbers(1000);
    const { refused } = await sendInParts([all.slice(0, 10), all.slice(10)], sending);
    expect([...refused.keys()].toSorted((a, b) => a - b)).toEqual(all.filter(isRefused));
    expect([...held]).toHaveLength(all.length - refused.size);
    expect(new Set(refused.values())).toEqual(new Set([no]));
  });

  it('is given up where nothing is taken, as something that may pass', async () => {
    const { sending, sendings } = destinationRefusing(() => true);
    const { refused, failure } = await sendInParts([numbers(1000)], sending);
    expect([refused.size, failure, sendings()]).toEqual([1000, no, 32]);
    expect(refused.get(999)).toMatchObject({ code: 'INSTANCE_REFUSED', kind: 'transient' });
  });

  it('is given up at once where nothing is taken and that was to be feared, and not where a part is', async () => {
    const isDoubted = () => true;
    const closed = destinationRefusing(() => true);
    const { failure } = await sendInParts([numbers(1000)], { ...closed.sending, isDoubted });
    expect([failure, closed.sendings()]).toEqual([no, 1]);
    const { sending, held } = destinationRefusing((one) => one === 900);
    await sendInParts([numbers(1000)], { ...sending, isDoubted: () => held.size === 0 });
    expect(held.size).toBe(999);
  });
});
