import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type Orthanc, connectOrthanc } from '@orthanc-tools/orthanc-client';
import { type Told, knownCap, searchStudies, spanOf, usualModalities } from '@orthanc-tools/study-search';
import { type LinkedOrthancs, openTestbed, seedOrthanc, startLinked } from '../src/index.ts';

const testbed = await openTestbed();
const cap = 25;
let linked: LinkedOrthancs<'capped'>;
let source: Orthanc;
let held: Set<string>;

beforeAll(async () => {
  await testbed.prepare();
  linked = await startLinked(testbed, {
    source: {},
    destinations: { capped: { request: { configuration: { LimitFindResults: cap } } } },
  });
  source = connectOrthanc({ url: linked.source.url });
  const archive = [
    ...synthesizeArchive({
      seed: 'search',
      studies: 60,
      ...least,
      studyDates: { from: '20240101', to: '20240331' },
    }),
    // More on one day than an answer tells.
    ...synthesizeArchive({
      seed: 'busy day',
      studies: 40,
      ...least,
      studyDates: { from: '20240215', to: '20240215' },
    }),
  ];
  held = new Set(archive.map(({ studyInstanceUid }) => studyInstanceUid));
  const files = archive.flatMap((study) => [...study.instances()].map(({ bytes }) => bytes));
  await seedOrthanc(linked.destinations.capped, files);
}, 300_000);

afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await linked[Symbol.asyncDispose]();
});

const least = { seriesPerStudy: 1, instancesPerSeries: 1, imageSize: 16 };

async function search(from: string, to: string): Promise<{ told: Told[]; uids: Set<string> }> {
  const told: Told[] = [];
  const find = (keys: Readonly<Record<string, string>>) =>
    source.modalities.find('capped', { level: 'Study', keys });
  const search = { find, ...spanOf(from, to), cap: knownCap(cap), modalities: usualModalities };
  for await (const part of searchStudies(search)) told.push(part);
  const uids = told.flatMap((part) =>
    part.is === 'failed' ? [] : part.studies.map((s) => s.studyInstanceUid),
  );
  return { told, uids: new Set(uids) };
}

describe('a real Orthanc that tells no more than 25 studies', () => {
  it('is searched to the last study, a day that holds more included', async () => {
    const { told, uids } = await search('20240101', '20240331');
    expect(uids).toEqual(held);
    expect(told.filter(({ is }) => is === 'cut' || is === 'failed')).toEqual([]);
  });

  it('is searched backwards as well', async () => {
    expect((await search('20240331', '20240101')).uids).toEqual(held);
  });

  it('is searched to the fraction of a second, by C-FIND and by its own index', async () => {
    await using capped = connectOrthanc({ url: linked.destinations.capped.url });
    const day = { StudyDate: '20230101' };
    for (const StudyTime of ['115959', '115959.500000', '120000', '120000.25', '120001']) {
      const Tags = { ...day, StudyTime, PatientID: StudyTime, SOPClassUID: '1.2.840.10008.5.1.4.1.1.2' };
      const init = { method: 'POST', body: JSON.stringify({ Tags }) };
      expect((await fetch(new URL('/tools/create-dicom', linked.destinations.capped.url), init)).ok).toBe(
        true,
      );
    }
    const expected = [
      ['000000-115959.999999', ['115959', '115959.500000']],
      ['120000-120000.999999', ['120000', '120000.25']],
      ['120001-235959.999999', ['120001']],
    ] as const;
    for (const [StudyTime, times] of expected) {
      const keys = { ...day, StudyTime, StudyInstanceUID: '', PatientID: '' };
      for (const found of [
        await source.modalities.find('capped', { level: 'Study', keys }),
        await capped.studies.find(keys),
      ])
        expect(found.map((tags) => tags['PatientID']).toSorted()).toEqual(times);
    }
  });
});
