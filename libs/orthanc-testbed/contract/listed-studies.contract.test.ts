import { describe, expect, it } from '@jest/globals';
import { connectOrthanc, momentIn } from '@orthanc-tools/orthanc-client';
import { openTestbed } from '../src/index.ts';
import { storeStudy } from './synthetic-study.ts';

const testbed = await openTestbed();
const nobody = '00000000-00000000-00000000-00000000-00000000';

describe.each(['1.13', '1.12'] as const)('studies that are listed, on Orthanc %s', (version) => {
  it('are found by label and date, whole, though the server tells few at once', async () => {
    const limits = { LimitFindResults: 2, LimitFindInstances: 2 };
    await using server = await testbed.startOrthanc({ version, configuration: limits });
    await using orthanc = connectOrthanc({ url: server.url });
    const dates = { from: '20200131', to: '20200131' };
    const old = await storeStudy(server, { seed: 'listed-old', studyDates: dates });
    const others = [];
    for (const seed of ['listed-1', 'listed-2', 'listed-3'])
      others.push(await storeStudy(server, { seed, studyDates: { from: '20210101', to: '20211231' } }));
    await orthanc.labels.put({ level: 'studies', id: old.id }, 'A');
    await orthanc.labels.put({ level: 'studies', id: others[0]?.id ?? '' }, 'B');
    const idsOf = async (query: Parameters<typeof orthanc.studies.list>[0]) => {
      const ids: string[] = [];
      for await (const page of orthanc.studies.list(query)) ids.push(...page.map(({ id }) => id));
      return ids.sort();
    };
    const all = [old, ...others].map(({ id }) => id).sort();
    expect(await idsOf({})).toEqual(all);
    expect(await idsOf({ untilStudyDate: '20200131' })).toEqual([old.id]);
    expect(await idsOf({ untilStudyDate: '20200130' })).toEqual([]);
    expect(await idsOf({ labels: ['A'] })).toEqual([old.id]);
    expect(await idsOf({ labels: ['A', 'B', 'C'] })).toEqual([old.id, others[0]?.id ?? ''].sort());
    const page = await orthanc.studies.list({ labels: ['A'], withModalities: true }).next();
    expect(page.value).toMatchObject([{ id: old.id, labels: ['A'], modalities: ['CT'] }]);
    const [told] = page.value as { lastUpdate: string; tags: Record<string, string> }[];
    expect(Math.abs((momentIn(told?.lastUpdate) ?? 0) - Date.now())).toBeLessThan(120_000);
    expect(told?.tags).toMatchObject({ StudyDate: '20200131', StudyInstanceUID: old.studyUid });
    expect((await orthanc.studies.instanceIds(old.id)).sort()).toEqual([...old.instanceIds].sort());
    expect(await orthanc.studies.instanceIds(nobody)).toEqual([]);
  });

  it('have patients that are protected, or not', async () => {
    await using server = await testbed.startOrthanc({ version });
    await using orthanc = connectOrthanc({ url: server.url });
    const studies = [
      await storeStudy(server, { seed: 'guarded' }),
      await storeStudy(server, { seed: 'free' }),
    ];
    const patients = await orthanc.resources.facts(
      'Patient',
      studies.map(({ id }) => id),
    );
    const [guarded = '', free = ''] = patients.map(({ id }) => id);
    await fetch(`${server.url}/patients/${guarded}/protected`, { method: 'PUT', body: '1' });
    expect(await orthanc.patients.protection([guarded, free, nobody])).toEqual(
      new Map([
        [guarded, true],
        [free, false],
      ]),
    );
    const named = patients.map(({ id, tags }) => ({ id, patientId: tags['PatientID'] }));
    const others = [
      { id: nobody, patientId: 'nobody' },
      { id: nobody, patientId: undefined },
    ];
    expect(await orthanc.patients.protectionOf([...named, ...others])).toEqual(
      new Map([
        [guarded, true],
        [free, false],
      ]),
    );
  });

  it('tell what several of them hold by one question, as far as they hold what they held', async () => {
    const limits = { LimitFindResults: 2, LimitFindInstances: 2 };
    await using server = await testbed.startOrthanc({ version, configuration: limits });
    await using orthanc = connectOrthanc({ url: server.url });
    const studies = [];
    for (const seed of ['held-1', 'held-2', 'held-3'])
      studies.push(await storeStudy(server, { seed, seriesPerStudy: 2, instancesPerSeries: 3 }));
    const wanted = new Map(studies.map(({ id, instanceIds }) => [id, [...instanceIds].sort()]));
    const counted = studies.map(({ id, studyUid: uid }) => ({ id, uid, instances: 6 }));
    const [first, ...rest] = counted;
    for (const instances of [6, 5, 7]) {
      const gone = { id: nobody, uid: '1.2.3', instances: 1 };
      const asked = [{ id: first?.id ?? '', uid: first?.uid ?? '', instances }, ...rest, gone];
      const held = await orthanc.studies.instanceIdsOfEach(asked);
      expect(held.get(nobody)).toEqual([]);
      for (const [id, ids] of wanted) expect([...(held.get(id) ?? [])].sort()).toEqual(ids);
    }
  });
});

it('a moment is read as UTC', () => {
  const written = ['20260131T235959', '20260131T235959.123456', 'x', undefined];
  expect(written.map(momentIn)).toEqual([
    Date.UTC(2026, 0, 31, 23, 59, 59),
    Date.UTC(2026, 0, 31, 23, 59, 59, 123),
    undefined,
    undefined,
  ]);
});
