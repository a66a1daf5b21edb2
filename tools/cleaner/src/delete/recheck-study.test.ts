import { describe, expect, it } from '@jest/globals';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import { judgeBy } from '../rules/judge-study.ts';
import type { KnownStudy } from '../rules/known-study.ts';
import type { RetentionRule } from '../rules/retention-rule.ts';
import { holdsOnly } from './holds-only.ts';
import { portionsOf } from './portions-of.ts';
import { recheckStudy } from './recheck-study.ts';

const updated = Date.parse('2026-01-01T10:00:00Z');
const rule: RetentionRule = {
  name: 'old',
  criteria: { labels: ['A'], modalities: ['CT'] },
  age: { count: 10, unit: 'days' },
  basis: 'both',
  minimumToKeep: 0,
  priority: 0,
  includesProtected: false,
  isForFullDisk: false,
};
const judge = judgeBy(
  { rules: [rule], keep: [{ name: 'hold', criteria: { labels: ['HOLD'] } }] },
  { now: new Date('2026-06-30T12:00:00Z'), timeZone: 'UTC' },
);

const planned: WeighedStudy = {
  id: 's',
  uid: '1.2',
  patient: 'p',
  rule,
  isInQuarantine: false,
  labels: ['A'],
  modalities: ['CT'],
  studyDate: '20200101',
  lastUpdate: updated,
  updateSeen: updated,
  arrival: undefined,
  newness: '',
  instances: 2,
  bytes: 10,
};

/** As Orthanc tells it right before the deletion: without modalities, which cost it time. */
const known: KnownStudy = {
  id: 's',
  patient: 'p',
  uid: '1.2',
  patientId: 'P',
  labels: ['A'],
  modalities: [],
  accession: '',
  description: '',
  institution: '',
  studyDate: '20200101',
  studyTime: '',
  lastUpdate: updated,
  isProtected: false,
};

const recheck = (
  now: Partial<KnownStudy>,
  { instances = ['a', 'b'], needsQuarantine = false, as = planned } = {},
) => recheckStudy({ planned: as, seen: { known: { ...known, ...now }, instances }, judge, needsQuarantine });

describe('the last look at a study', () => {
  it('lets it go when it is as it was', () => {
    expect(recheck({})).toEqual({ is: 'deletable', rule: 'old' });
    expect(recheck({}, { instances: ['a'] })).toEqual({ is: 'deletable', rule: 'old' });
  });

  it.each([
    ['changed', { lastUpdate: updated + 1000 }],
    ['changed', { lastUpdate: undefined }],
    ['held back', { labels: ['A', 'HOLD'] }],
    ['held back', { isProtected: true }],
    ['not due', { labels: [] }],
    ['not due', { studyDate: '20260625' }],
  ])('leaves it as %s: %j', (why, now) => {
    expect(recheck(now)).toEqual({ is: 'left', why });
  });

  it('leaves it when it holds more than was planned, even though its last update says nothing', () => {
    expect(recheck({}, { instances: ['a', 'b', 'c'] })).toEqual({ is: 'left', why: 'grown' });
  });

  it('leaves what was deleted in part when it holds anything else', () => {
    const question = { planned, judge, needsQuarantine: false, begun: ['a', 'b', 'c'] };
    const seen = (...instances: string[]) => ({ known, instances });
    expect(recheckStudy({ ...question, seen: seen('c') })).toMatchObject({ is: 'deletable' });
    expect(recheckStudy({ ...question, seen: seen('c', 'd') })).toEqual({ is: 'left', why: 'grown' });
  });

  it('leaves it when it was taken out of quarantine', () => {
    const needsQuarantine = true;
    expect(recheck({}, { needsQuarantine })).toEqual({ is: 'left', why: 'out of quarantine' });
    expect(recheck({ isInQuarantine: true }, { needsQuarantine })).toMatchObject({ is: 'deletable' });
  });

  it('leaves it when it was labelled meanwhile, and nothing is to be in quarantine', () => {
    expect(recheck({ isInQuarantine: true })).toEqual({ is: 'left', why: 'in quarantine' });
  });

  it('knows one that is gone', () => {
    expect(recheckStudy({ planned, seen: undefined, judge, needsQuarantine: false })).toEqual({
      is: 'vanished',
    });
    expect(recheck({}, { instances: [] })).toEqual({ is: 'vanished' });
  });

  it('goes by the update before a deletion of ours, and by what Orthanc said after it', () => {
    const now = Date.parse('2026-06-30T11:00:00Z');
    const as = { ...planned, updateSeen: now };
    expect(recheck({ lastUpdate: now }, { as })).toMatchObject({ is: 'deletable' });
    expect(recheck({ lastUpdate: now + 1000 }, { as })).toEqual({ is: 'left', why: 'changed' });
  });
});

describe('the last look at a study that was planned by one rule, where there are others', () => {
  const other = (more: Partial<RetentionRule>): RetentionRule => ({
    ...rule,
    name: 'other',
    criteria: { labels: ['B'] },
    priority: 1,
    ...more,
  });
  const look = (labels: readonly string[], more: Partial<RetentionRule>, isResting = false) => {
    const policy = isResting
      ? { rules: [rule], resting: [other(more)], keep: [] }
      : { rules: [rule, other(more)], keep: [] };
    return recheckStudy({
      planned,
      seen: { known: { ...known, labels }, instances: ['a', 'b'] },
      judge: judgeBy(policy, { now: new Date('2026-06-30T12:00:00Z'), timeZone: 'UTC' }),
      needsQuarantine: false,
    });
  };

  it('lets it go by another rule that asks for no more than the plan did', () => {
    expect(look(['A', 'B'], {})).toEqual({ is: 'deletable', rule: 'other' });
    expect(look(['B'], {})).toEqual({ is: 'deletable', rule: 'other' });
    expect(look(['A'], { minimumToKeep: 5 })).toEqual({ is: 'deletable', rule: 'old' });
  });

  it.each([
    [['B'], { isForFullDisk: true }],
    [['A', 'B'], { isForFullDisk: true }],
  ])('leaves it where only a plan can say whether it takes it to make room: %j', (labels, more) => {
    expect(look(labels, more)).toEqual({ is: 'left', why: 'by another rule' });
  });

  it.each([
    [['B'], {}, false],
    [['A', 'B'], {}, false],
    // Of what a rule speaks of it keeps the newest, whatever their age, and while it rests too.
    [['A', 'B'], { age: { count: 90, unit: 'years' } }, false],
    [['A', 'B'], { isForFullDisk: true }, true],
  ] as const)(
    'leaves it where only a plan can say whether it is among those that a rule keeps: %j, %j',
    (labels, more, isResting) => {
      expect(look(labels, { ...more, minimumToKeep: 5 }, isResting)).toEqual({
        is: 'left',
        why: 'by another rule',
      });
    },
  );

  it('goes by what the plan knew of modalities, for both', () => {
    const criteria = { labels: ['B'], modalities: ['CT'] };
    expect(look(['A', 'B'], { criteria, minimumToKeep: 5 })).toMatchObject({ is: 'left' });
    expect(look(['A'], { criteria: { modalities: ['CT'] }, minimumToKeep: 5, priority: -1 })).toMatchObject({
      is: 'deletable',
    });
  });
});

describe('a portion', () => {
  const of = (...instances: number[]) => instances.map((count) => ({ ...planned, instances: count }));
  const sizes = (due: readonly WeighedStudy[], limit: number) =>
    [...portionsOf(due, limit)].map((portion) => portion.map(({ instances }) => instances));

  it('holds whole studies, and a larger one alone', () => {
    expect(sizes(of(2, 2, 2, 9, 1, 1), 5)).toEqual([[2, 2], [2], [9], [1, 1]]);
    expect(sizes([], 5)).toEqual([]);
  });

  it('holds what one request can name, unless it is one study', () => {
    expect(sizes(of(600, 400, 600, 600, 2500, 1), 10_000)).toEqual([[600, 400], [600], [600], [2500], [1]]);
  });

  it('holds two hundred studies at most', () => {
    expect(sizes(of(...Array<number>(201).fill(1)), 1000).map(({ length }) => length)).toEqual([200, 1]);
  });
});

it('what is left of a deletion holds some of what was there, and nothing else', () => {
  const begun = ['a', 'b'];
  expect([['a'], ['a', 'b'], [], ['c'], ['a', 'c']].map((held) => holdsOnly(held, begun))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
