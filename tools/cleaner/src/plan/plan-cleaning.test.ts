import { describe, expect, it } from '@jest/globals';
import { judgeBy } from '../rules/judge-study.ts';
import type { KnownStudy } from '../rules/known-study.ts';
import type { KeepRule, RetentionRule } from '../rules/retention-rule.ts';
import { blownBy } from './fuse.ts';
import { planCleaning, withoutFresh } from './plan-cleaning.ts';
import { tallyByRule, trimToDisk } from './weigh-plan.ts';

const now = new Date('2026-06-30T12:00:00Z');

const study = (id: string, more: Partial<KnownStudy> = {}): KnownStudy => ({
  id,
  patient: `p-${id}`,
  uid: `1.${id}`,
  patientId: `P${id}`,
  labels: ['A'],
  modalities: ['CT'],
  accession: 'acc',
  description: 'Thorax',
  institution: 'Clinic',
  studyDate: '20260601',
  studyTime: '',
  lastUpdate: Date.parse('2026-06-01T00:00:00Z'),
  isProtected: false,
  ...more,
});

const rule = (name: string, more: Partial<RetentionRule> = {}): RetentionRule => ({
  name,
  criteria: { labels: ['A'] },
  age: { count: 10, unit: 'days' },
  basis: 'both',
  minimumToKeep: 0,
  priority: 0,
  includesProtected: false,
  isForFullDisk: false,
  ...more,
});

function plan(
  studies: readonly KnownStudy[],
  rules: readonly RetentionRule[],
  keep: readonly KeepRule[] = [],
) {
  const planner = planCleaning(judgeBy({ rules, keep }, { now, timeZone: 'UTC' }), 'UTC');
  for (const one of studies) planner.take(one);
  const { due, heldBack } = planner.finish();
  return { due: due.map((one) => `${one.id} by ${one.rule.name}`), heldBack: Object.fromEntries(heldBack) };
}

it('tells of each rule what is of it and old enough by its date, and was changed too lately', () => {
  const lately = Date.parse('2026-06-29T00:00:00Z');
  const rules = [
    rule('both'),
    rule('update', { basis: 'last-update' }),
    rule('date', { basis: 'study-date', criteria: { labels: ['B'] } }),
  ];
  const planner = planCleaning(judgeBy({ rules, keep: [] }, { now, timeZone: 'UTC' }), 'UTC');
  for (const one of [
    study('due'),
    study('lately', { lastUpdate: lately }),
    study('young', { studyDate: '20260629', lastUpdate: lately }),
    study('other', { labels: [], lastUpdate: lately }),
    study('by date', { labels: ['B'], lastUpdate: lately }),
  ])
    planner.take(one);
  expect(Object.fromEntries(planner.finish().changedLately)).toEqual({ both: 1, update: 2 });
});

describe('a plan', () => {
  it('holds what is due, and nothing else', () => {
    const studies = [
      study('due'),
      study('on the day', { studyDate: '20260620' }),
      study('a day later', { studyDate: '20260621' }),
      study('updated on the day', { lastUpdate: Date.parse('2026-06-20T00:00:00Z') }),
      study('without date', { studyDate: '' }),
      study('without update', { lastUpdate: undefined }),
      study('other label', { labels: ['a', 'AA'] }),
      study('no label', { labels: [] }),
    ];
    expect(plan(studies, [rule('r')]).due).toEqual(['due by r', 'on the day by r']);
  });

  it.each([
    ['study-date', ['old date']],
    ['last-update', ['old update']],
    ['arrival', ['old arrival', 'old update']],
    ['both', []],
  ] as const)('goes by %s', (basis, expected) => {
    const recently = Date.parse('2026-06-29T00:00:00Z');
    const long = Date.parse('2026-01-01T00:00:00Z');
    const studies = [
      study('old arrival', { studyDate: '20260629', lastUpdate: recently, arrival: long }),
      study('old date', { lastUpdate: recently }),
      study('old update', { studyDate: '20260629', lastUpdate: long }),
    ];
    const { due } = plan(studies, [rule('r', { basis })]);
    expect(due.map((one) => one.replace(' by r', '')).sort()).toEqual(expected);
  });

  it('speaks of studies by labels, their lack, modality, accession number, description and institution', () => {
    const criteria: readonly RetentionRule['criteria'][] = [
      { isWithoutLabels: true },
      { modalities: ['MR'] },
      { accession: { literal: '*' } },
      { description: { pattern: /^Tho/u } },
      { institution: { literal: 'Clinic' } },
    ];
    const studies = [
      study('a', { labels: [], institution: '' }),
      study('b', { modalities: ['CT', 'MR'], institution: '' }),
      study('c', { accession: '*', institution: '' }),
      study('d', { institution: '', description: 'Thorax 2' }),
      study('e', { description: '' }),
    ].map((one, index) => (index === 3 ? one : { ...one, description: 'x' }));
    const found = criteria.map((one) => plan(studies, [rule('r', { criteria: one })]).due.join());
    expect(found).toEqual(['a by r', 'b by r', 'c by r', 'd by r', 'e by r']);
  });

  it('is in the order of priority, then of age', () => {
    const studies = [
      study('newer', { studyDate: '20260610' }),
      study('older'),
      study('urgent', { studyDate: '20260615', labels: ['B', 'A'] }),
    ];
    const rules = [rule('late'), rule('first', { criteria: { labels: ['B'] }, priority: 1 })];
    expect(plan(studies, rules).due).toEqual(['urgent by first', 'older by late', 'newer by late']);
  });

  it('is in the order of their last update for studies of one age, our own deletions aside', () => {
    const studies = [
      study('later', { lastUpdate: Date.parse('2026-01-02') }),
      study('first', {
        lastUpdate: Date.parse('2026-01-01'),
        updateAfterOurs: Date.parse('2026-06-01'),
      }),
      study('unknown', { lastUpdate: undefined }),
    ];
    const due = plan(studies, [rule('r', { basis: 'study-date' })]).due;
    expect(due).toEqual(['unknown by r', 'first by r', 'later by r']);
  });

  it('leaves out what is kept, whichever rule would delete it, and tells why', () => {
    const studies = [
      study('held', { labels: ['A', 'HOLD'] }),
      study('patient'),
      study('uid'),
      study('shielded', { isProtected: true }),
      study('over'),
    ];
    const keep: KeepRule[] = [
      { name: 'hold', criteria: { labels: ['HOLD'] } },
      { name: 'persons', criteria: {}, patientIds: new Set(['Ppatient']) },
      { name: 'studies', criteria: {}, studyUids: new Set(['1.uid']), until: '20260630' },
      { name: 'ended', criteria: {}, studyUids: new Set(['1.over']), until: '20260629' },
    ];
    expect(plan(studies, [rule('r')], keep)).toEqual({
      due: ['over by r'],
      heldBack: { hold: 1, persons: 1, studies: 1, 'protected patient': 1 },
    });
  });

  it.each<[string, Partial<KnownStudy>, Omit<KeepRule, 'name' | 'criteria'> & KeepRule['criteria']]>([
    ['patient', { patientId: 'p4711a' }, { patientIds: new Set(['P4711A']) }],
    ['patient', { patientId: 'P4711A' }, { patientIds: new Set(['p4711a']) }],
    ['modality', { modalities: ['mg'] }, { modalities: ['MG'] }],
    ['label', { labels: ['A', 'Teaching'] }, { labels: ['TEACHING'] }],
    ['text', { description: 'TESTICULAR US' }, { description: { literal: 'Testicular US' } }],
    ['pattern', { institution: 'WARD 3' }, { institution: { pattern: /^Ward/u } }],
    ['pattern with capitals only', { description: 'Thorax' }, { description: { pattern: /\p{Lu}/u } }],
    [
      'pattern that leaves something out',
      { description: 'Testicular US' },
      { description: { pattern: /^(?!TEST)/u } },
    ],
    ['pattern that leaves small letters out', { accession: 'X12' }, { accession: { pattern: /^[^a-z]+$/u } }],
  ])('is without what is kept by its %s, whatever its capitals: %j', (_, more, held) => {
    const { patientIds, ...criteria } = held;
    const keep = [{ name: 'hold', criteria, patientIds }];
    expect(plan([study('kept', more)], [rule('r')], keep)).toEqual({ due: [], heldBack: { hold: 1 } });
  });

  it('is without what may be kept by its modality when nobody knows which it has', () => {
    const keep = [{ name: 'mammo', criteria: { modalities: ['MG'] } }];
    const studies = [study('MG', { modalities: ['MG'] }), study('unknown', { modalities: [] }), study('CT')];
    expect(plan(studies, [rule('r')], keep)).toEqual({ due: ['CT by r'], heldBack: { mammo: 2 } });
  });

  it('holds a study of a protected patient only by a rule that says so, and not where a keep rule does', () => {
    const shielded = study('x', { isProtected: true });
    const rules = [rule('first', { priority: 1 }), rule('bold', { includesProtected: true })];
    expect(plan([shielded], rules).due).toEqual(['x by bold']);
    const keep = [{ name: 'shield', criteria: {}, isForProtected: true }];
    expect(plan([shielded, study('y')], rules, keep).due).toEqual(['y by first']);
  });

  it('leaves the newest of which a rule speaks, whichever other rule would delete them', () => {
    const studies = ['01', '02', '03', '04'].map((day) => study(day, { studyDate: `202606${day}` }));
    const undated = study('undated', { studyDate: '' });
    const rules = [rule('few', { minimumToKeep: 2 }), rule('all', { criteria: {} })];
    expect(plan([...studies, undated], rules)).toEqual({
      due: ['01 by few', '02 by few'],
      heldBack: { 'minimum to keep of few': 2 },
    });
    expect(plan(studies, [rule('many', { minimumToKeep: 4 })]).due).toEqual([]);
  });

  it('counts a study once, however often it is told, and as it was told last', () => {
    expect(plan([study('a'), study('a')], [rule('r'), rule('s')]).due).toEqual(['a by r']);
    expect(plan([study('a'), study('a', { labels: [] })], [rule('r')]).due).toEqual([]);
  });
});

it('a plan is without what was changed in the second in which it was begun', () => {
  const startedAt = Date.parse('2026-06-30T12:00:00Z');
  const seen = (updateSeen: number | undefined) => ({
    ...study('a'),
    arrival: undefined,
    isInQuarantine: false,
    rule: rule('r'),
    newness: '',
    updateSeen,
  });
  const due = [seen(startedAt - 1000), seen(startedAt), seen(startedAt + 1000), seen(undefined)];
  const { due: settled, heldBack } = withoutFresh(
    { due, heldBack: new Map(), changedLately: new Map() },
    startedAt,
  );
  expect(settled).toEqual([due[0], due[3]]);
  expect(heldBack).toEqual(new Map([['changed just now', 2]]));
});

describe('a plan that was weighed', () => {
  const weighed = (id: string, name: string, bytes: number, isForFullDisk = false) => ({
    ...study(id),
    arrival: undefined,
    updateSeen: undefined,
    isInQuarantine: false,
    rule: rule(name, { isForFullDisk }),
    newness: '',
    instances: 2,
    bytes,
  });

  it('is told by rule', () => {
    const due = [
      weighed('a', 'r', 10),
      { ...weighed('b', 'r', 5), studyDate: '20250101' },
      weighed('c', 's', 1),
    ];
    expect(tallyByRule(due)).toEqual([
      { rule: 'r', studies: 2, instances: 4, bytes: 15, oldest: '20250101', newest: '20260601' },
      { rule: 's', studies: 1, instances: 2, bytes: 1, oldest: '20260601', newest: '20260601' },
    ]);
  });

  it('tells days only, whatever stands in the place of a study date', () => {
    const due = ['Quentin', '20250230', ' 20250101'].map((studyDate) => ({
      ...weighed('a', 'r', 1),
      studyDate,
    }));
    expect(tallyByRule(due)).toMatchObject([{ studies: 3, oldest: '20250101', newest: '20250101' }]);
  });

  it('takes no more for a full disk than it takes', () => {
    const due = [weighed('a', 'disk', 10, true), weighed('b', 'disk', 10, true), weighed('c', 'age', 5)];
    const trimmed = (bytes: number) => trimToDisk(due, bytes).map(({ id }) => id);
    expect([trimmed(0), trimmed(5), trimmed(6), trimmed(15), trimmed(16)].map(String)).toEqual([
      'c',
      'c',
      'a,c',
      'a,c',
      'a,b,c',
    ]);
  });
});

describe('the fuse', () => {
  const fuse = { maxStudies: 100, maxPercent: 20 };
  it.each([
    [{ planned: 100, held: 500 }, undefined],
    [{ planned: 101, held: 5000 }, 'maxStudies'],
    [{ planned: 100, held: 499 }, 'maxPercent'],
    [{ planned: 10, held: 11 }, undefined],
    // Nothing would be left.
    [{ planned: 10, held: 10 }, 'maxPercent'],
    [{ planned: 11, held: 11 }, 'maxPercent'],
    [{ planned: 0, held: 0 }, undefined],
  ] as const)('of %j: %s', (question, blown) => {
    expect(blownBy(question, fuse)).toBe(blown);
  });

  it('allows nothing where nothing is allowed', () => {
    expect(blownBy({ planned: 1, held: 100 }, { ...fuse, maxPercent: 0 })).toBe('maxPercent');
    expect(blownBy({ planned: 1, held: 100 }, { ...fuse, maxStudies: 0 })).toBe('maxStudies');
  });
});
