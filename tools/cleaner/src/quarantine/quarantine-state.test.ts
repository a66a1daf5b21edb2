import { describe, expect, it } from '@jest/globals';
import { quarantineStep } from './quarantine-state.ts';

const day = 86_400_000;
const since = { since: 1000, isReleased: false };
const released = { since: 1000, isReleased: true };

describe('a study that is due, with a quarantine of seven days', () => {
  it.each([
    [{ isLabelled: false, note: undefined, now: 0 }, 'begin'],
    [{ isLabelled: true, note: undefined, now: 0 }, 'begin'],
    [{ isLabelled: true, note: since, now: 1000 + 7 * day - 1 }, 'wait'],
    [{ isLabelled: true, note: since, now: 1000 + 7 * day }, 'delete'],
    [{ isLabelled: false, note: since, now: 1000 + 7 * day }, 'release'],
    [{ isLabelled: false, note: released, now: 1000 + 99 * day }, 'stay'],
    [{ isLabelled: true, note: released, now: 1000 + 99 * day }, 'begin'],
  ] as const)('%j: %s', (question, step) => {
    expect(quarantineStep({ ...question, days: 7 })).toBe(step);
  });
});
