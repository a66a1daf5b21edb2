import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StudyQuery } from '@orthanc-tools/orthanc-client';
import { recheckStudy } from '../delete/recheck-study.ts';
import { judgeBy } from '../rules/judge-study.ts';
import type { KnownStudy } from '../rules/known-study.ts';
import type { KeepRule, RetentionRule } from '../rules/retention-rule.ts';
import { planCleaning } from './plan-cleaning.ts';
import { queriesOf, tellsOf } from './queries-of.ts';

// Small worlds, in which everything meets everything: few days around the limits, few labels, few texts.
const now = new Date('2026-03-05T00:30:00Z');
const timeZone = 'America/New_York';
/** The day there. */
const today = '2026-03-04';

const day = fc.integer({ min: 0, max: 45 }).map((back) => minusDays(today, back).replaceAll('-', ''));
const moment = fc.integer({ min: 0, max: 45 * 24 }).map((hours) => now.getTime() - hours * 3_600_000);
const labels = fc.uniqueArray(fc.constantFrom('A', 'B', 'C'), { maxLength: 3 });
const text = fc.constantFrom('', 'x', '*', 'x*', 'X*');

const study = (id: string): fc.Arbitrary<KnownStudy> =>
  fc.record({
    id: fc.constant(id),
    patient: fc.constantFrom('p1', 'p2', 'p3'),
    uid: fc.constant(`1.${id}`),
    patientId: fc.constantFrom('P1', 'P2'),
    labels,
    modalities: fc.uniqueArray(fc.constantFrom('CT', 'MR', 'SR'), { maxLength: 2 }),
    accession: text,
    description: text,
    institution: text,
    studyDate: fc.oneof({ weight: 9, arbitrary: day }, fc.constantFrom('', '20260231', 'x')),
    studyTime: fc.constantFrom('', '120000', '0005'),
    lastUpdate: fc.oneof({ weight: 9, arbitrary: moment }, fc.constant(undefined)),
    isProtected: fc.boolean(),
  });

const archive = fc
  .integer({ min: 1, max: 12 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => study(`s${String(index)}`))));

const criteria = fc.record(
  {
    labels: fc.uniqueArray(fc.constantFrom('A', 'B', 'C', '*'), { minLength: 1, maxLength: 2 }),
    modalities: fc.constantFrom(undefined, undefined, undefined, ['CT'], ['MR', 'SR']),
    accession: text.map((literal) => ({ literal })),
    description: fc.constantFrom({ pattern: /^x/u }, { literal: '*' }),
  },
  { requiredKeys: [] },
);

const rule = (name: string): fc.Arbitrary<RetentionRule> =>
  fc.record({
    name: fc.constant(name),
    criteria,
    age: fc.oneof(
      fc.record({
        count: fc.integer({ min: 0, max: 30 }),
        unit: fc.constantFrom('days', 'weeks', 'hours'),
      }),
      fc.record({ count: fc.integer({ min: 0, max: 2 }), unit: fc.constantFrom('months', 'years') }),
    ),
    basis: fc.constantFrom('both', 'study-date', 'last-update', 'arrival'),
    minimumToKeep: fc.constantFrom(0, 0, 0, 1, 3),
    priority: fc.integer({ min: -1, max: 1 }),
    includesProtected: fc.boolean(),
    isForFullDisk: fc.constant(false),
  });

const rules = fc.tuple(rule('r1'), rule('r2'), rule('r3'));
const keep: fc.Arbitrary<KeepRule[]> = fc.array(
  fc.record({
    name: fc.constant('k'),
    criteria: fc.constantFrom<KeepRule['criteria'][]>(
      { labels: ['C'] },
      { labels: ['B'] },
      { modalities: ['CT'] },
      { labels: ['A'], modalities: ['MR', 'SR'] },
      { description: { pattern: /^x/u } },
      { labels: ['A', 'B'], description: { literal: 'x*' } },
    ),
    until: fc.constantFrom(undefined, '20260303', '20260304'),
  }),
  { maxLength: 1 },
);

/** What may become of a study between plan and deletion. */
const change = fc.record({ labels, isProtected: fc.boolean() }, { requiredKeys: [] });

describe('whatever the archive and the rules', () => {
  it('what is planned is what an independent computation finds: not one study too many, none too few', () => {
    fc.assert(
      fc.property(archive, rules, keep, (studies, policyRules, keepRules) => {
        const planner = planCleaning(
          judgeBy({ rules: policyRules, keep: keepRules }, { now, timeZone }),
          timeZone,
        );
        for (const one of studies) planner.take(one);
        const planned = planner.finish().due.map(({ id }) => id);
        expect(planned.toSorted()).toEqual(oracle(studies, policyRules, keepRules).toSorted());
      }),
      { numRuns: 2000 },
    );
  });

  it('what the last look lets go, a plan of that moment would delete too', () => {
    let letGo = 0;
    fc.assert(
      fc.property(archive, rules, keep, change, (studies, policyRules, keepRules, changed) => {
        const judge = judgeBy({ rules: policyRules, keep: keepRules }, { now, timeZone });
        const planOf = (seen: readonly KnownStudy[]) => {
          const planner = planCleaning(judge, timeZone);
          for (const one of seen) planner.take(one);
          return planner.finish().due;
        };
        for (const due of planOf(studies)) {
          const after = studies.map((one) => (one.id === due.id ? { ...one, ...changed } : one));
          const seen = after.find(({ id }) => id === due.id);
          const planned = { ...due, instances: 1, bytes: 1 };
          // Modalities are not asked for once more.
          const look = seen && { known: { ...seen, modalities: [] }, instances: ['i'] };
          if (recheckStudy({ planned, seen: look, judge, needsQuarantine: false }).is !== 'deletable')
            continue;
          letGo += 1;
          expect(planOf(after).map(({ id }) => id)).toContain(due.id);
        }
      }),
      { numRuns: 2000 },
    );
    expect(letGo).toBeGreaterThan(100);
  });

  it('Orthanc is asked for every study that may be due', () => {
    fc.assert(
      fc.property(archive, rules, keep, (studies, policyRules, keepRules) => {
        const judge = judgeBy({ rules: policyRules, keep: keepRules }, { now, timeZone });
        const told = queriesOf(judge, { now, timeZone }).flatMap((query, index, queries) =>
          studies
            .filter((one) => isToldBy(query, one))
            .filter((one) => !queries.slice(0, index).some((earlier) => tellsOf(earlier, one)))
            .map((one) => asTold(query, one)),
        );
        const planOf = (seen: readonly KnownStudy[]) => {
          const planner = planCleaning(judge, timeZone);
          for (const one of seen) planner.take(one);
          const { due, heldBack } = planner.finish();
          return [due.map(({ id }) => id), heldBack];
        };
        expect(planOf(told)).toEqual(planOf(studies));
      }),
      { numRuns: 2000 },
    );
  });
});

const isToldBy = ({ labels: asked, untilStudyDate }: StudyQuery, one: KnownStudy): boolean =>
  (asked === undefined || asked.some((label) => one.labels.includes(label))) &&
  (untilStudyDate === undefined || (/^\d{8}$/.test(one.studyDate) && one.studyDate <= untilStudyDate));

/** Orthanc tells the modalities only to whoever asks for them. */
const asTold = ({ withModalities = false }: StudyQuery, one: KnownStudy): KnownStudy =>
  withModalities ? one : { ...one, modalities: [] };

/** The same in other words: by whole days and minutes, study by study and rule by rule. */
function oracle(
  studies: readonly KnownStudy[],
  policyRules: readonly RetentionRule[],
  keepRules: readonly KeepRule[],
): string[] {
  const speaks = ({ criteria: said }: Pick<RetentionRule, 'criteria'>, one: KnownStudy): boolean => {
    if (said.labels && !one.labels.some((label) => said.labels?.includes(label))) return false;
    if (said.modalities && !one.modalities.some((modality) => said.modalities?.includes(modality)))
      return false;
    if (said.accession && 'literal' in said.accession && one.accession !== said.accession.literal)
      return false;
    if (said.description && 'literal' in said.description)
      return one.description === said.description.literal;
    return said.description === undefined || one.description.startsWith('x');
  };
  const isDue = (by: RetentionRule, one: KnownStudy): boolean => {
    if (one.isProtected && !by.includesProtected) return false;
    if (!speaks(by, one)) return false;
    const isDateOver = dateIsOver(by, one);
    const isUpdateOver = updateIsOver(by, one);
    if (by.basis === 'both') return isDateOver && isUpdateOver;
    return by.basis === 'study-date' ? isDateOver : isUpdateOver;
  };
  // Nobody knows that a study without a modality is none of those that are kept.
  const isKept = (one: KnownStudy) =>
    keepRules.some(
      (by) =>
        (by.until === undefined || by.until >= '20260304') &&
        (one.modalities.length > 0 ? [one.modalities] : [['CT'], ['MR']]).some((modalities) =>
          // All that they say of texts is small.
          speaks(by, { ...one, modalities, description: one.description.toLowerCase() }),
        ),
    );
  const spared = new Set(
    policyRules.flatMap((by) =>
      newestOf(
        by,
        studies.filter((one) => speaks(by, one)),
      ),
    ),
  );
  return studies
    .filter((one) => policyRules.some((by) => isDue(by, one)) && !isKept(one) && !spared.has(one.id))
    .map(({ id }) => id);
}

function dateIsOver({ age }: RetentionRule, one: KnownStudy): boolean {
  const date = isoDay(one.studyDate);
  if (date === undefined) return false;
  if (age.unit !== 'hours') return date <= firstDay(age);
  return Date.parse(`${date}T${latest(one.studyTime)}-05:00`) <= now.getTime() - age.count * 3_600_000;
}

function updateIsOver({ age }: RetentionRule, { lastUpdate }: KnownStudy): boolean {
  if (lastUpdate === undefined) return false;
  if (age.unit === 'hours') return lastUpdate < now.getTime() - age.count * 3_600_000;
  return dayThere(lastUpdate) < firstDay(age);
}

/** The day so long ago. The fourth of a month is one of each. */
function firstDay({ count, unit }: RetentionRule['age']): string {
  if (unit === 'days' || unit === 'weeks') return minusDays(today, count * (unit === 'weeks' ? 7 : 1));
  return unit === 'years'
    ? `${String(2026 - count)}-03-04`
    : (['2026-03-04', '2026-02-04', '2026-01-04'][count] ?? 'never');
}

function newestOf(by: RetentionRule, spoken: readonly KnownStudy[]): string[] {
  const newness = (one: KnownStudy): string | undefined => {
    const date = isoDay(one.studyDate);
    const dated = date && `${date} ${latest(one.studyTime)}`;
    const updated =
      one.lastUpdate === undefined
        ? undefined
        : new Date(one.lastUpdate - 5 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    if (by.basis === 'study-date') return dated;
    if (by.basis !== 'both') return updated;
    return dated === undefined || updated === undefined ? undefined : [dated, updated].sort()[1];
  };
  return spoken
    .flatMap((one) => {
      const is = newness(one);
      return is === undefined ? [] : [{ id: one.id, is }];
    })
    .sort((one, other) => (one.is === other.is ? (one.id < other.id ? -1 : 1) : one.is > other.is ? -1 : 1))
    .slice(0, by.minimumToKeep)
    .map(({ id }) => id);
}

/** New York is five hours behind, in February and early March. */
const dayThere = (at: number): string => new Date(at - 5 * 3_600_000).toISOString().slice(0, 10);

function minusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

function isoDay(written: string): string | undefined {
  if (!/^\d{8}$/.test(written)) return undefined;
  const date = `${written.slice(0, 4)}-${written.slice(4, 6)}-${written.slice(6)}`;
  const parsed = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(parsed) || new Date(parsed).toISOString().slice(0, 10) !== date ? undefined : date;
}

const latest = (time: string): string => {
  if (time === '') return '23:59:59';
  return time.length === 4 ? `${time.slice(0, 2)}:${time.slice(2)}:59` : '12:00:00';
};
