import { type FoundStudy, type Slice, searchSlices, knownCap } from '@orthanc-tools/study-search';
import { describe, expect, it } from '@jest/globals';
import { listAgain } from './list-again.ts';
import type { Side } from './side.ts';

const days = { from: '20240101', to: '20240131' };

const tagsAt = (at: number) => ({
  StudyInstanceUID: `1.${String(at)}`,
  StudyDate: `202401${String((at % 31) + 1).padStart(2, '0')}`,
});

/** A side that holds so many studies, of which some are in no listing, and tells at most so many. */
function sideWith(size: number, { cap = Infinity, hidden = '' } = {}) {
  const learnt: number[] = [];
  let asked = 0;
  const find = (keys: Readonly<Record<string, string>>) => {
    asked += 1;
    const [from = '', to = from] = (keys['StudyDate'] ?? '').split('-');
    const held = Array.from({ length: size }, (_, at) => tagsAt(at));
    const found = held.filter(
      ({ StudyDate: date, StudyInstanceUID: uid }) => date >= from && date <= to && uid !== hidden,
    );
    return Promise.resolve(found.slice(0, cap));
  };
  const slices: Side['slices'] = (wanted) =>
    searchSlices({ ...wanted, cap: wanted.cap ?? knownCap(undefined), modalities: ['CT'], find });
  const side = { slices, learnCut: (told: number) => void learnt.push(told) } as unknown as Side;
  return { side, learnt, asked: () => asked };
}

/** What was told of the first so many. */
function sliceOf(told: number): Slice {
  const studies = Array.from({ length: told }, (_, at): [string, FoundStudy] => {
    const { StudyInstanceUID: uid, StudyDate: date } = tagsAt(at);
    return [uid, { studyInstanceUid: uid, date, time: '', modalities: [], instances: undefined, tags: {} }];
  });
  return { dates: days, studies: new Map(studies), ofOtherPatients: [], isCut: false, failure: undefined };
}

describe('days of which a side has not told all', () => {
  it('are told whole when they are asked for in parts, and the limit is known afterwards', async () => {
    const { side, learnt } = sideWith(60, { cap: 37 });
    const { studies, isWhole } = await listAgain(side, sliceOf(37), ['1.59']);
    expect(isWhole).toBe(true);
    expect(new Set(studies.map(({ studyInstanceUid: uid }) => uid)).size).toBe(60);
    expect(learnt).toEqual([37]);
  });

  it('teach no limit where the study has come meanwhile', async () => {
    const { side, learnt, asked } = sideWith(8);
    expect((await listAgain(side, sliceOf(7), ['1.7'])).isWhole).toBe(true);
    expect([learnt, asked()]).toEqual([[], 1]);
  });

  it.each([0, 7])('teach none and stay in doubt where it is in no listing (%j told)', async (told) => {
    const { side, learnt } = sideWith(told + 1, { hidden: `1.${String(told)}` });
    expect((await listAgain(side, sliceOf(told), [`1.${String(told)}`])).isWhole).toBe(false);
    expect(learnt).toEqual([]);
  });
});
