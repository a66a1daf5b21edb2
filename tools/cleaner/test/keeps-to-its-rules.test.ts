import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sideBySide } from '../src/run/side-by-side.ts';
import { type Scene, type WantedStudy, openScene } from './clean-scene.ts';

const today = '2026-06-30';

/** When Orthanc stored them, and with it the last update of all that was stored then: by days before today. */
const arrivals = [11, 10, 9] as const;
const dates = ['20260101', '20260619', '20260620', '20260621', '20260630', '', '20260231'] as const;
const labellings = [[], ['A'], ['B', 'A'], ['a'], ['HOLD', 'A']] as const;

interface Made extends WantedStudy {
  readonly arrivedDaysAgo: number;
  readonly isProtected: boolean;
}

const studies: readonly Made[] = arrivals.flatMap((arrivedDaysAgo) =>
  dates.flatMap((studyDate, date) =>
    labellings.map((labels, labelling): Made => {
      const number = date * labellings.length + labelling;
      return {
        name: `s${String(arrivedDaysAgo)}-${String(number)}`,
        arrivedDaysAgo,
        studyDate,
        labels,
        modalities: number % 3 === 0 ? ['CT', 'SR'] : ['MR'],
        accession: number % 4 === 0 ? '*' : `acc${String(number)}`,
        isProtected: number % 7 === 6,
      };
    }),
  ),
);

/** Whole days from one date to another, by nothing but the calendar of JavaScript. */
const daysBefore = (date: string): number => {
  const [, year = '', month = '', day = ''] = /^(\d{4})(\d\d)(\d\d)$/.exec(date) ?? [];
  const parsed = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const isReal = !Number.isNaN(parsed.getTime()) && parsed.getUTCDate() === Number(day);
  return isReal ? (Date.parse(`${today}T00:00:00Z`) - parsed.getTime()) / 86_400_000 : -Infinity;
};

type Oracle = (study: Made) => boolean;
const isOld =
  (days: number): Oracle =>
  (study) =>
    daysBefore(study.studyDate ?? '') >= days;
const isUntouched =
  (days: number): Oracle =>
  (study) =>
    study.arrivedDaysAgo > days;
const has =
  (label: string): Oracle =>
  (study) =>
    (study.labels ?? []).includes(label);
const isFree: Oracle = (study) => !study.isProtected;
const all =
  (...oracles: readonly Oracle[]): Oracle =>
  (study) =>
    oracles.every((one) => one(study));
const either =
  (...oracles: readonly Oracle[]): Oracle =>
  (study) =>
    oracles.some((one) => one(study));

/** Rules, and which studies may go by them, worked out in another way. */
const table: readonly (readonly [string, string | object, Oracle])[] = [
  [
    'a label, study date and last update',
    rulesOf({ labels: ['A'], olderThan: '10 days' }),
    all(has('A'), isOld(10), isUntouched(10), isFree),
  ],
  ['the Python tool, one week', 'A,1\n', all(has('A'), isOld(7), isUntouched(7), isFree)],
  [
    'the study date alone',
    rulesOf({ labels: ['A', 'B'], olderThan: '9 days', by: 'study-date' }),
    all(either(has('A'), has('B')), isOld(9), isFree),
  ],
  [
    'the last update alone',
    rulesOf({ labels: ['a'], olderThan: '9 days', by: 'last-update' }),
    all(has('a'), isUntouched(9), isFree),
  ],
  [
    'the arrival',
    rulesOf({ labels: ['B'], olderThan: '9 days', by: 'arrival' }),
    all(has('B'), isUntouched(9), isFree),
  ],
  [
    'no label',
    rulesOf({ withoutLabels: true, olderThan: '10 days' }),
    all((study) => study.labels?.length === 0, isOld(10), isUntouched(10), isFree),
  ],
  [
    'a modality',
    ',1,SR\n',
    all((study) => study.modalities?.includes('SR') === true, isOld(7), isUntouched(7), isFree),
  ],
  [
    'an accession number that is a star',
    ',1,,*\n',
    all((study) => study.accession === '*', isOld(7), isUntouched(7), isFree),
  ],
  [
    'protected patients too',
    rulesOf({ labels: ['A'], olderThan: '10 days', includeProtected: true }),
    all(has('A'), isOld(10), isUntouched(10)),
  ],
  [
    'a keep rule',
    { ...rulesOf({ labels: ['A'], olderThan: '10 days' }), keep: [{ name: 'hold', labels: ['HOLD'] }] },
    all(has('A'), isOld(10), isUntouched(10), isFree, (study) => !has('HOLD')(study)),
  ],
  [
    'a keep rule, which alone goes by modality',
    { ...rulesOf({ labels: ['A'], olderThan: '10 days' }), keep: [{ name: 'sr', modalities: ['SR'] }] },
    all(has('A'), isOld(10), isUntouched(10), isFree, (study) => study.modalities?.includes('SR') === false),
  ],
  [
    'everything',
    rulesOf({ everything: true, olderThan: '0 days', by: 'last-update' }),
    all(isUntouched(0), isFree),
  ],
];

function rulesOf(rule: object) {
  return { rules: [{ name: 'rule', ...rule }] };
}

describe.each(['1.13', '1.12'] as const)('on Orthanc %s, with both clocks moved', (version) => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene({ version, clock: timeOf(arrivals[0]) });
    for (const daysAgo of arrivals) {
      await scene.moveTo(timeOf(daysAgo));
      await sideBySide(
        studies.filter(({ arrivedDaysAgo }) => arrivedDaysAgo === daysAgo),
        (study) => scene.make(study),
      );
    }
    await scene.moveTo(timeOf(0));
    await sideBySide(
      studies.filter(({ isProtected }) => isProtected),
      async ({ name }) => {
        const path = `/studies/${scene.ids.get(name) ?? ''}`;
        const { ParentPatient: patient } = (await scene.ask(path)) as { ParentPatient: string };
        await scene.send('PUT', `/patients/${patient}/protected`, '1');
      },
    );
  }, 240_000);

  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
  });

  it.each(table)('plans by %s what an independent computation finds', async (_, rules, oracle) => {
    const run = await scene.run({ rules, more: ['--dry-run'] });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    const nameOf = new Map([...scene.ids].map(([name, id]) => [id, name]));
    const planned = run.events('study.planned').map(({ study }) => nameOf.get(String(study)) ?? '');
    expect(planned.sort()).toEqual(
      studies
        .filter(oracle)
        .map(({ name }) => name)
        .sort(),
    );
    expect(run.summary).toMatchObject({ plannedStudies: planned.length, studiesInOrthanc: studies.length });
  });

  it('deletes these and no others', async () => {
    const [, rules, oracle] = table[9] ?? ['', '', () => false];
    const { exitCode, summary } = await scene.run({ rules });
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ deletedStudies: studies.filter(oracle).length, failedStudies: 0 });
    const left = studies.filter((study) => !oracle(study)).map(({ name }) => name);
    expect(await scene.held()).toEqual(left.sort());
    // A second run finds nothing more.
    expect((await scene.run({ rules })).summary).toMatchObject({ plannedStudies: 0, deletedStudies: 0 });
  });
});

function timeOf(daysAgo: number): string {
  const day = new Date(Date.parse(`${today}T12:00:00Z`) - daysAgo * 86_400_000);
  return day.toISOString().slice(0, 19).replace('T', ' ');
}
