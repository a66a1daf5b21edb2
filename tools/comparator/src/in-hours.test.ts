import { describe, expect, it } from '@jest/globals';
import { inHours } from './in-hours.ts';

describe('work that keeps to hours', () => {
  it('waits for them before each look for more, and ends what it leaves', async () => {
    const events: string[] = [];
    async function* found() {
      try {
        for (const one of ['a', 'b', 'c']) {
          events.push(`look for ${one}`);
          yield await Promise.resolve(one);
        }
      } finally {
        events.push('end');
      }
    }
    const untilOpen = () => Promise.resolve(void events.push('wait'));
    for await (const one of inHours(found(), untilOpen)) if (one === 'b') break;
    expect(events).toEqual(['wait', 'look for a', 'wait', 'look for b', 'end']);
  });
});
