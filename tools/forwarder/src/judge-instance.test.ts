import { describe, expect, it } from '@jest/globals';
import type { Verification } from './destination.ts';
import { type Remembered, type There, judgeInstance } from './judge-instance.ts';

const here = { md5: 'aa', size: 10 };
const absent: There = { is: 'absent' };
const unknown: There = { is: 'unknown' };
const held = (md5?: string, size?: number): There => ({ is: 'held', md5, size });
const sentTo = (before: There['is']): Remembered => ({ before, isSent: true });
const begun = (before: There['is']): Remembered => ({ before, isSent: false });

const judge = (verify: Verification, there: There, memory?: Remembered) => {
  const judgement = judgeInstance(here, there, memory, verify);
  return judgement.is === 'proved' ? judgement.proof : judgement.is;
};

describe('an instance and what its destination says of it', () => {
  it.each([
    ['hash', absent, undefined, 'to send'],
    ['hash', held('aa', 10), undefined, 'id+md5'],
    ['hash', held('bb', 10), undefined, 'conflict'],
    ['hash', held('bb', 10), sentTo('absent'), 'conflict'],
    ['hash', held(undefined, 10), sentTo('absent'), 'id'],
    ['hash', held(undefined, 10), begun('absent'), 'id'],
    ['hash', held(undefined, 10), undefined, 'held before'],
    ['hash', held(undefined, 11), sentTo('absent'), 'conflict'],
    ['hash', absent, sentTo('absent'), 'lost'],
    ['image', absent, undefined, 'to send'],
    ['image', held(), undefined, 'to send'],
    ['image', held(), begun('absent'), 'image'],
    ['image', held(), sentTo('absent'), 'image'],
    ['image', held(), begun('held'), 'to send'],
    ['image', held(), sentTo('held'), 'held before'],
    ['image', held(), sentTo('unknown'), 'held before'],
    ['image', absent, sentTo('held'), 'lost'],
    ['image', unknown, undefined, 'to send'],
    ['image', unknown, sentTo('unknown'), 'unproved'],
    ['count', held(), undefined, 'count'],
    ['count', held(), sentTo('held'), 'count'],
    ['count', absent, sentTo('absent'), 'lost'],
    ['none', unknown, undefined, 'to send'],
    ['none', unknown, begun('unknown'), 'to send'],
    ['none', unknown, sentTo('unknown'), 'none'],
  ] as const)('%s, %j, remembered %j: %s', (verify, there, memory, expected) => {
    expect(judge(verify, there, memory)).toBe(expected);
  });
});
