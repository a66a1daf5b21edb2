import { permanentFailure } from '@orthanc-tools/failures';
import { describe, expect, it } from '@jest/globals';
import { byLevel } from './attributes.ts';
import type { Comparison, StudyPair } from './comparison.ts';
import { judgeStudy } from './judge-study.ts';
import { type Level, type Side, type SideContent, type SideStudy, nothing } from './side.ts';

const study: SideStudy = {
  uid: '1',
  date: '20240101',
  tags: { PatientID: 'P' },
  instances: undefined,
  orthancId: undefined,
};

/** A side that holds the study with some images, or does not hold it at all. */
function sideWith(images: readonly string[] | undefined, more: Partial<Side> = {}): Side {
  const instances = new Map((images ?? []).map((uid) => [uid, { tags: {} }]));
  const content: SideContent = { series: new Map([['1.1', { tags: {}, instances }]]), mayBeCut: false };
  const nobodyAsks = () => {
    throw new Error('nobody asks for this');
  };
  return {
    name: 'side',
    tellsAll: false,
    slices: nobodyAsks,
    learnCut: nobodyAsks,
    studiesOf: nobodyAsks,
    countOf: nobodyAsks,
    studiesByUid: () => Promise.resolve(new Map(images === undefined ? [] : [['1', study]])),
    patient: () => Promise.resolve([]),
    glance: nobodyAsks,
    contentOf: () => Promise.resolve(images === undefined ? nothing : content),
    ...more,
  };
}

type Judged = Pick<Comparison, 'here' | 'there'> &
  Partial<Comparison> & { readonly pair?: Partial<StudyPair>; readonly level?: Level };

const judged = ({ pair, level = 'Instance', ...comparison }: Judged) =>
  judgeStudy(
    {
      depth: { level, attributes: byLevel([]) },
      ignoresMissingHere: false,
      ignoresMissingThere: false,
      haveSameContent: () => Promise.resolve(true),
      note: () => undefined,
      ...comparison,
    },
    { uid: '1', here: study, there: study, ...pair },
    undefined,
  );

const shortly = ({ items }: Awaited<ReturnType<typeof judged>>) =>
  items.map(({ state, code }) => [state, code].join(' ').trim());

describe('a study that was deleted meanwhile', () => {
  const away = () => sideWith(undefined);

  it('on both sides is missing on neither', async () => {
    const pair = { here: undefined, there: undefined };
    expect(shortly(await judged({ here: away(), there: away(), pair }))).toEqual(['unknown GONE']);
    const verdict = await judged({ here: away(), there: away() });
    expect(shortly(verdict)).toEqual(['unknown GONE']);
    expect(verdict.date).toBe('20240101');
  });

  it.each([
    ['onlyThere', { here: away(), there: sideWith(['a']) }, { ignoresMissingHere: true }],
    ['onlyInOrthanc', { here: sideWith(['a']), there: away() }, { ignoresMissingThere: true }],
  ])('on one side is %s, where that is wanted', async (state, sides, wish) => {
    expect(shortly(await judged(sides))).toEqual([state]);
    expect(shortly(await judged({ ...sides, ...wish }))).toEqual([]);
  });
});

describe('what was seen of both sides', () => {
  it('comes with the verdict, where both have the study', async () => {
    const sides = { here: sideWith(['a']), there: sideWith(['a', 'b']) };
    const { seen } = await judged(sides);
    expect(seen?.there.series.get('1.1')?.instances.size).toBe(2);
    expect((await judged({ ...sides, pair: { there: undefined } })).seen).toBeUndefined();
  });
});

describe('a file that cannot be read', () => {
  it('is unknown, and does not keep another from being compared', async () => {
    const stored = (side: string) => {
      const instances = new Map(['a', 'b'].map((uid) => [uid, { tags: {}, orthancId: uid, md5: side }]));
      const content = { series: new Map([['1.1', { tags: {}, instances }]]), mayBeCut: false };
      return sideWith([], { contentOf: () => Promise.resolve(content) });
    };
    const haveSameContent = (id: string) =>
      id === 'a' ? Promise.reject(permanentFailure('ANSWER_TOO_LARGE', 'too large')) : Promise.resolve(false);
    const verdict = await judged({ here: stored('x'), there: stored('y'), level: 'Hash', haveSameContent });
    expect(shortly(verdict)).toEqual(['unknown ANSWER_TOO_LARGE', 'differs CONTENT_DIFFERS']);
  });
});

describe('numbers of images that both sides tell', () => {
  const counting = async (level: Level, ours: number | undefined, theirs: number | undefined) => {
    const notes: string[] = [];
    const { items, commonInstances } = await judged({
      here: sideWith(['a']),
      there: sideWith(['a']),
      level,
      pair: { here: { ...study, instances: ours }, there: { ...study, instances: theirs } },
      note: ({ code }) => void notes.push(code),
    });
    expect(items).toEqual([]);
    return { notes, commonInstances };
  };

  it.each(['Study', 'Series'] as const)('are a remark at level %s where they differ', async (level) => {
    expect(await counting(level, 100, 90)).toEqual({ notes: ['COUNT_DIFFERS'], commonInstances: 90 });
    expect(await counting(level, 100, 100)).toEqual({ notes: [], commonInstances: 100 });
    expect(await counting(level, 100, undefined)).toEqual({ notes: [], commonInstances: 0 });
  });

  it('are none where the images themselves are compared', async () => {
    expect(await counting('Instance', 100, 90)).toEqual({ notes: [], commonInstances: 1 });
  });
});
