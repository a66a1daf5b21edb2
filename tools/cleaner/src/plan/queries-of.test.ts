import { describe, expect, it } from '@jest/globals';
import { judgeBy } from '../rules/judge-study.ts';
import type { RetentionRule } from '../rules/retention-rule.ts';
import { queriesOf } from './queries-of.ts';

const moment = { now: new Date('2026-06-30T12:00:00Z'), timeZone: 'UTC' };
const rule = (
  criteria: RetentionRule['criteria'],
  days: number,
  more: Partial<RetentionRule> = {},
): RetentionRule => ({
  name: 'r',
  criteria,
  age: { count: days, unit: 'days' },
  basis: 'both',
  minimumToKeep: 0,
  priority: 0,
  includesProtected: false,
  isForFullDisk: false,
  ...more,
});
const asked = (...rules: RetentionRule[]) => queriesOf(judgeBy({ rules, keep: [] }, moment), moment);

describe('what Orthanc is asked', () => {
  it('is narrowed by label and date, once for each set of labels', () => {
    expect(
      asked(rule({ labels: ['A'] }, 10), rule({ labels: ['A'] }, 5), rule({ labels: ['B', 'A'] }, 1)),
    ).toEqual([
      { labels: ['A'], untilStudyDate: '20260625', withModalities: false },
      { labels: ['B', 'A'], untilStudyDate: '20260629', withModalities: false },
    ]);
  });

  it('is never narrowed by what Orthanc compares in its own way', () => {
    expect(asked(rule({ accession: { literal: '*' }, modalities: ['CT'] }, 10))).toEqual([
      { labels: undefined, untilStudyDate: '20260620', withModalities: true },
    ]);
  });

  it('is for modalities too where only a keep rule goes by them', () => {
    const keep = [{ name: 'k', criteria: { modalities: ['MG'] } }];
    const judge = judgeBy({ rules: [rule({ labels: ['A'] }, 10)], keep }, moment);
    expect(queriesOf(judge, moment)).toMatchObject([{ labels: ['A'], withModalities: true }]);
  });

  it('is not narrowed by the date where a rule goes by something else, or keeps some of all', () => {
    expect(asked(rule({ labels: ['A'] }, 10, { basis: 'arrival' }), rule({ labels: ['A'] }, 1))).toEqual([
      { labels: ['A'], untilStudyDate: undefined, withModalities: false },
    ]);
    expect(asked(rule({ labels: ['A'] }, 10, { minimumToKeep: 1 }))[0]?.untilStudyDate).toBeUndefined();
  });

  it('is one question where one of them tells everything', () => {
    const all = rule({ isWithoutLabels: true }, 10, { basis: 'last-update' });
    expect(asked(rule({ labels: ['A'] }, 10), all, rule({}, 3))).toHaveLength(1);
  });
});
