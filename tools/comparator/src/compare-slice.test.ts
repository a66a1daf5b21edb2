import { transientFailure } from '@orthanc-tools/failures';
import type { Slice } from '@orthanc-tools/study-search';
import { describe, expect, it } from '@jest/globals';
import { byLevel } from './attributes.ts';
import { type SliceRequest, compareSlice } from './compare-slice.ts';
import type { Comparison, Note } from './comparison.ts';
import type { Item } from './item.ts';
import { type Level, type Side, type SideContent, type SideStudy, nothing } from './side.ts';

const isAway = () => Promise.reject(transientFailure('DESTINATION_UNREACHABLE', 'It does not answer.'));

const studyOf = (uid: string, date = '20240101', patientId = `P${uid}`): SideStudy => ({
  uid,
  date,
  tags: { StudyInstanceUID: uid, StudyDate: date, PatientID: patientId },
  instances: undefined,
  orthancId: undefined,
});

/** A side that holds some studies; what a test makes of it beside. */
const sideOf = (studies: readonly SideStudy[], more: Partial<Side> = {}): Side => ({
  name: 'side',
  tellsAll: false,
  slices: () => {
    throw new Error('nobody asks for slices');
  },
  learnCut: () => undefined,
  studiesOf: (dates) =>
    Promise.resolve(
      studies.filter(({ date }) => dates === undefined || (date >= dates.from && date <= dates.to)),
    ),
  countOf: () => Promise.resolve(0),
  studiesByUid: (uids) =>
    Promise.resolve(
      new Map(studies.filter(({ uid }) => uids.includes(uid)).map((study) => [study.uid, study])),
    ),
  patient: () => Promise.resolve([]),
  glance: () => Promise.resolve(undefined),
  contentOf: () => Promise.resolve(nothing),
  ...more,
});

const range = { from: '20240101', to: '20240131' };

async function compare(
  sides: Pick<Comparison, 'here' | 'there'>,
  { others = [], ...wishes }: Partial<Comparison> & { readonly others?: Slice['ofOtherPatients'] } = {},
) {
  const notes: Note[] = [];
  const comparison: Comparison = {
    ...sides,
    depth: { level: 'Study' as Level, attributes: byLevel([]) },
    ignoresMissingHere: false,
    ignoresMissingThere: false,
    haveSameContent: () => Promise.resolve(true),
    note: (note) => void notes.push(note),
    ...wishes,
  };
  const verdicts = [];
  const doubts: Item[] = [];
  const undated = new Set<string>();
  // A day of its own for each slice.
  for (const date of ['20240101', '20240102']) {
    const told = await sides.there.studiesOf({ from: date, to: date });
    const studies = new Map(
      told.map(({ uid, tags }) => [
        uid,
        { studyInstanceUid: uid, date, time: '', modalities: [], instances: undefined, tags },
      ]),
    );
    const slice: Slice = {
      dates: { from: date, to: date },
      studies,
      ofOtherPatients: others,
      failure: undefined,
      isCut: false,
    };
    const request: SliceRequest = {
      comparison,
      slice,
      range,
      undated,
      doubt: (item) => void doubts.push(item),
    };
    for await (const verdict of compareSlice(request)) verdicts.push(verdict);
  }
  const items = verdicts.flatMap((verdict) => verdict.items);
  return {
    verdicts,
    notes,
    doubts: doubts.map(({ code, studyDate }) => `${studyDate} ${code ?? ''}`),
    found: items.map(({ state, studyInstanceUid }) => `${state} ${studyInstanceUid}`),
    items,
  };
}

describe('a question that fails', () => {
  it('leaves unknown what was asked for, and compares the rest', async () => {
    const here = sideOf([studyOf('1'), studyOf('2')]);
    const there = sideOf([studyOf('2'), studyOf('3')], { studiesByUid: isAway });
    const { found, items } = await compare({ here, there });
    expect(found.toSorted()).toEqual(['onlyThere 3', 'unknown 1']);
    expect(items.find(({ state }) => state === 'unknown')?.code).toBe('DESTINATION_UNREACHABLE');
  });

  it('for the own studies of some days leaves these unknown, and no others', async () => {
    const all = [studyOf('1', '20240101'), studyOf('2', '20240102')];
    const own = sideOf(all);
    const here: Side = {
      ...own,
      studiesOf: (dates) => (dates?.from === '20240101' ? isAway() : own.studiesOf(dates)),
    };
    const { verdicts, doubts } = await compare({ here, there: sideOf(all) });
    expect(verdicts.map(({ uid }) => uid)).toEqual(['2']);
    expect(doubts).toEqual(['20240101 DESTINATION_UNREACHABLE']);
  });

  it('for many studies at once is asked for each', async () => {
    const content = () =>
      Promise.resolve({ ...nothing, series: new Map([['1.1', { tags: {}, instances: new Map() }]]) });
    const sides = {
      here: sideOf([studyOf('1')], { glance: isAway, contentOf: content }),
      there: sideOf([studyOf('1')], { contentOf: content }),
    };
    const depth = { level: 'Series', attributes: byLevel([]) } as const;
    expect((await compare(sides, { depth })).verdicts).toEqual([
      expect.objectContaining({ uid: '1', items: [] }),
    ]);
  });

  it('for the patient hides no study that is missing', async () => {
    const { found, notes } = await compare({
      here: sideOf([studyOf('1')]),
      there: sideOf([], { patient: isAway }),
    });
    expect(found).toEqual(['onlyInOrthanc 1']);
    expect(notes.map(({ code }) => code)).toEqual(['PATIENT_NOT_ASKED']);
  });
});

describe('a study with another date on the other side', () => {
  it.each([true, false])(
    'is compared once (what is missing there is ignored: %j)',
    async (ignoresMissingThere) => {
      const { verdicts } = await compare(
        { here: sideOf([studyOf('1', '20240101')]), there: sideOf([studyOf('1', '20240102')]) },
        { ignoresMissingThere },
      );
      expect(verdicts.map(({ uid }) => uid)).toEqual(['1']);
    },
  );
});

describe('a study of which there may be more series than are told', () => {
  const content = (mayBeCut: boolean): SideContent => ({
    series: new Map([['1.1', { tags: {}, instances: new Map() }]]),
    mayBeCut,
  });
  const sides = (mayBeCut: boolean) => ({
    here: sideOf([studyOf('1')], { contentOf: () => Promise.resolve(content(false)) }),
    there: sideOf([studyOf('1')], { contentOf: () => Promise.resolve(content(mayBeCut)) }),
  });
  const depth = { level: 'Series', attributes: byLevel([]) } as const;

  it('is not called equal', async () => {
    const { items } = await compare(sides(true), { depth });
    expect(items).toEqual([expect.objectContaining({ state: 'unknown', code: 'MAY_BE_CUT' })]);
    expect((await compare(sides(false), { depth })).items).toEqual([]);
  });
});

describe('one Study Instance UID for several patients', () => {
  const ofTwo = [studyOf('1', '20240101', 'A'), studyOf('1', '20240101', 'B')];
  const one = [studyOf('1', '20240101', 'A')];
  const conflict = expect.objectContaining({ state: 'differs', code: 'IDENTITY_CONFLICT' });

  it('of one side and the other is a conflict', async () => {
    const sides = { here: sideOf([studyOf('1', '20240101', 'B')]), there: sideOf(one) };
    expect((await compare(sides)).items).toEqual([conflict]);
  });

  it.each([
    ['', 'B'],
    ['B', ''],
  ])('is a conflict where one of two that tell all has none (%j and %j)', async (id, otherId) => {
    const here = sideOf([studyOf('1', '20240101', id)], { tellsAll: true });
    const there = sideOf([studyOf('1', '20240101', otherId)]);
    expect((await compare({ here, there: { ...there, tellsAll: true } })).items).toEqual([conflict]);
    // A modality may only have left it out; Orthanc leaves nothing out.
    expect((await compare({ here, there })).items).toEqual(id === '' ? [conflict] : []);
  });

  it('in Orthanc is a conflict, whichever is told first', async () => {
    for (const studies of [ofTwo, ofTwo.toReversed()])
      expect((await compare({ here: sideOf(studies), there: sideOf(studies.slice(0, 1)) })).items).toEqual([
        conflict,
      ]);
  });

  it('at the other side is a conflict', async () => {
    const others = ofTwo.slice(1).map(({ uid, date, tags }) => ({
      studyInstanceUid: uid,
      date,
      time: '',
      modalities: [],
      instances: undefined,
      tags,
    }));
    expect((await compare({ here: sideOf(one), there: sideOf(one) }, { others })).items).toContainEqual(
      conflict,
    );
  });

  it('is none where the same patient is told twice', async () => {
    const twice = sideOf([...one, ...one]);
    expect((await compare({ here: twice, there: twice })).items).toEqual([]);
  });
});

describe('days of which the other side tells fewer than it has', () => {
  const all = [studyOf('1'), studyOf('2')];
  const listing = (uids: readonly string[], hidden: readonly string[]): Slice => ({
    dates: { from: '20240101', to: '20240101' },
    studies: new Map(
      uids
        .filter((uid) => !hidden.includes(uid))
        .map((uid) => [
          uid,
          {
            studyInstanceUid: uid,
            date: '20240101',
            time: '',
            modalities: [],
            instances: undefined,
            tags: {},
          },
        ]),
    ),
    ofOtherPatients: [],
    failure: undefined,
    isCut: false,
  });
  const sides = (relisted: Slice) => {
    const complete = sideOf([...all, studyOf('3')]);
    // It knows all by their UIDs, and lists the first only.
    const there: Side = {
      ...complete,
      studiesOf: () => sideOf([studyOf('1')]).studiesOf(relisted.dates),
      slices: async function* () {
        yield await Promise.resolve(relisted);
      },
    };
    return { here: sideOf(all), there };
  };

  it('are listed again, so that nothing hides behind the cut', async () => {
    const { found, doubts } = await compare(sides(listing(['1', '2', '3'], [])));
    expect(found).toEqual(['onlyThere 3']);
    expect(doubts).toEqual([]);
  });

  it('are in doubt where the listing stays as it is', async () => {
    const { found, doubts } = await compare(sides(listing(['1', '2', '3'], ['2', '3'])));
    expect(found).toEqual([]);
    expect(doubts).toEqual(['20240101 ANSWER_CUT']);
  });
});
