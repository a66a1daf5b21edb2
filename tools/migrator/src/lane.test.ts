import { describe, expect, it } from '@jest/globals';
import { laneOf } from './lane.ts';

describe('a lane', () => {
  it('lets no more through at once than it is wide', async () => {
    const lane = laneOf(2);
    let [running, most] = [0, 0];
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return most;
    };
    const results = await Promise.all(Array.from({ length: 7 }, () => lane(work)));
    expect(results).toHaveLength(7);
    expect(most).toBe(2);
  });

  it('hands a failure to who asked, and goes on', async () => {
    const lane = laneOf(1);
    const failing = lane(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await lane(() => Promise.resolve(1))).toBe(1);
  });
});
