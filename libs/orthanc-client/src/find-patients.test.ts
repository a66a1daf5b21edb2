import { describe, expect, it } from '@jest/globals';
import { patientsOfStudies } from './find-patients.ts';
import type { Asking } from './find-level.ts';

const nothing = { labels: [], metadata: new Map(), attachments: new Map() };

/** A server that finds some of the patients by their PatientID, and knows all of them by their studies. */
function serverThatFinds(ids: readonly string[], patientOf: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const asking: Asking = {
    ask: ((
      { content, path }: { content?: { Since: number }; path: string },
      parse: (value: unknown) => unknown,
    ) => {
      asked.push(path);
      const page = content?.Since === 0 ? ids.map((id) => ({ ID: id, Studies: [studyOf(id)] })) : [];
      return Promise.resolve(parse(path === '/tools/find' ? page : {}));
    }) as unknown as Asking['ask'],
    resources: {
      facts: (_: string, studyIds: readonly string[]) => {
        asked.push('facts');
        return Promise.resolve(
          studyIds.map((id) => ({ id: patientOf[id], childIds: [id], labels: ['KEPT'], metadata: {} })),
        );
      },
    } as unknown as Asking['resources'],
    names: new Map(),
    hasExtendedFind: true,
    findsProtection: true,
    protection: () => Promise.resolve(new Map()),
    signal: undefined,
  };
  const studyOf = (patient: string) =>
    Object.entries(patientOf).find(([, owner]) => owner === patient)?.[0] ?? '';
  return { asking, asked };
}

const idOf = (n: number) => Array(5).fill(String(n).repeat(8)).join('-');
const head = (study: number, patient: number, patientId: string) => ({
  id: idOf(study),
  uid: '1.2',
  seriesIds: [],
  patient: { id: idOf(patient), patientId },
});

describe('patientsOfStudies', () => {
  const patientOf = { [idOf(1)]: idOf(8), [idOf(2)]: idOf(9) };

  it('asks once for all whom a query can name', async () => {
    const { asking, asked } = serverThatFinds([idOf(8), idOf(9)], patientOf);
    const found = await patientsOfStudies([head(1, 8, 'P8'), head(2, 9, 'P9')], asking);
    expect(found).toEqual(
      [
        [8, 1],
        [9, 2],
      ].map(([patient = 0, study = 0]) => ({
        ...nothing,
        level: 'Patient',
        id: idOf(patient),
        parentId: undefined,
        studyIds: [idOf(study)],
        isProtected: false,
      })),
    );
    expect(asked).toEqual(['/tools/find']);
  });

  it.each([
    ['a query has missed', 'P9'],
    ['no query can name', 'P*'],
  ])('asks by its study for a patient whom %s', async (_, patientId) => {
    const { asking } = serverThatFinds([idOf(8)], patientOf);
    const found = await patientsOfStudies([head(1, 8, 'P8'), head(2, 9, patientId)], asking);
    expect(found.map(({ id, labels, studyIds }) => ({ id, labels, studyIds }))).toEqual([
      { id: idOf(8), labels: [], studyIds: [idOf(1)] },
      { id: idOf(9), labels: ['KEPT'], studyIds: [idOf(2)] },
    ]);
  });
});
