import { transientFailure } from '@orthanc-tools/failures';
import type { Slice } from '@orthanc-tools/study-search';
import { describe, expect, it } from '@jest/globals';
import { byLevel } from './attributes.ts';
import { type SliceRequest, compareSlice } from './compare-slice.ts';
import type { Comparison, Note } from './comparison.ts';
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

async function compare(sides: Pick<Comparison, 'here' | 'there'>, wishes: Partial<Comparison> = {}) {
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
    const slice: Slice = { dates: { from: date, to: date }, studies, failure: undefined, isCut: false };
    const request: SliceRequest = { comparison, slice, range, undated };
    for await (const verdict of compareSlice(request)) verdicts.push(verdict);
  }
  const items = verdicts.flatMap((verdict) => verdict.items);
  return {
    verdicts,
    notes,
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
