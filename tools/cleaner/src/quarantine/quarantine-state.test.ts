import { describe, expect, it } from '@jest/globals';
import { daysLeft, quarantineLabels, quarantineStep } from './quarantine-state.ts';

const day = 86_400_000;
const since = { since: 1000, isReleased: false };
const released = { since: 1000, isReleased: true };

describe('a study that is due, without a quarantine', () => {
  it.each([
    [{ isLabelled: false, note: undefined }, 'delete'],
    // Its record is elsewhere.
    [{ isLabelled: true, note: undefined }, 'keep'],
    [{ isLabelled: true, note: since }, 'keep'],
    [{ isLabelled: false, note: since }, 'release'],
    [{ isLabelled: false, note: released }, 'stay'],
    [{ isLabelled: true, note: released }, 'keep'],
  ] as const)('%j: %s', (question, step) => {
    expect(quarantineStep({ ...question, now: 1000 + 99 * day, days: 0 })).toBe(step);
  });
});

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

it.each([
  [0, 7],
  [1, 7],
  [day, 6],
  [7 * day - 1, 1],
  [7 * day, 0],
  [9 * day, 0],
])('after %d ms of seven days, %d days are left', (passed, left) => {
  expect(daysLeft(1000, 7, 1000 + passed)).toBe(left);
});

describe('the labels by which a study is in quarantine', () => {
  const now = { label: 'now', isOfRules: false };

  it.each([
    [undefined, now, ['now']],
    [since, now, ['now']],
    [{ ...since, label: 'earlier' }, now, ['earlier']],
    [{ ...released, label: 'earlier' }, now, ['earlier', 'now']],
    [undefined, { ...now, isOfRules: true }, []],
    [{ ...since, label: 'earlier' }, { ...now, isOfRules: true }, ['earlier']],
  ])('%j, with %j: %j', (note, quarantine, labels) => {
    expect(quarantineLabels(note, quarantine)).toEqual(labels);
  });
});
