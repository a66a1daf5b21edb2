import { transientFailure } from '@orthanc-tools/failures';
import { describe, expect, it } from '@jest/globals';
import { byLevel } from './attributes.ts';
import type { Find } from './modality-question.ts';
import { modalitySide } from './modality-side.ts';
import { type SideContent, type SideStudy, nothing } from './side.ts';

interface Image {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
}

interface Manners {
  /** At most so many answers. */
  readonly cap?: number;
  /** Takes a list of UIDs for one UID that nobody has. */
  readonly knowsNoLists?: boolean;
  /** Wants the UIDs of all levels above. */
  readonly isStrict?: boolean;
  /** Leaves the UIDs of series out of account. */
  readonly ignoresSeries?: boolean;
  readonly tellsNumbers?: boolean;
  /** Looks at so many UIDs of a list only. */
  readonly readsAtMost?: number;
  readonly refusesLists?: boolean;
}

const levelKeys = {
  Study: 'StudyInstanceUID',
  Series: 'SeriesInstanceUID',
  Instance: 'SOPInstanceUID',
} as const;

/** A PACS with manners that no Orthanc has. */
function pacs(images: readonly Image[], manners: Manners = {}) {
  const asked: string[] = [];
  const find: Find = (level, keys) => {
    asked.push(level);
    const matches = (keyword: keyof Image, image: Image) => {
      const wanted = keys[keyword] ?? '';
      if (wanted === '' || (manners.ignoresSeries === true && keyword === 'SeriesInstanceUID')) return true;
      return manners.knowsNoLists === true
        ? image[keyword] === wanted
        : wanted.split('\\').slice(0, manners.readsAtMost).includes(image[keyword]);
    };
    if (manners.refusesLists === true && keys['StudyInstanceUID']?.includes('\\') === true)
      return Promise.reject(transientFailure('DESTINATION_REFUSES', 'no lists'));
    const parents = {
      Study: [],
      Series: ['StudyInstanceUID'],
      Instance: ['StudyInstanceUID', 'SeriesInstanceUID'],
    };
    const isWhole = parents[level].every((key) => (keys[key] ?? '') !== '' && !keys[key]?.includes('\\'));
    if (manners.isStrict === true && !isWhole)
      return Promise.reject(transientFailure('INSTANCE_REFUSED', 'no such question'));
    const keyword = levelKeys[level];
    const found = images.filter((image) =>
      (['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'] as const).every((key) =>
        matches(key, image),
      ),
    );
    const unique = [...new Map(found.map((image) => [image[keyword], image])).values()];
    const sizeOf = ({ SeriesInstanceUID: uid }: Image) =>
      String(images.filter((image) => image.SeriesInstanceUID === uid).length);
    return Promise.resolve(
      unique.slice(0, manners.cap).map((image) => ({
        ...image,
        NumberOfSeriesRelatedInstances: manners.tellsNumbers === true ? sizeOf(image) : '',
      })),
    );
  };
  const side = modalitySide({
    alias: 'pacs',
    depth: { level: 'Instance', attributes: byLevel([]) },
    cap: undefined,
    find,
    findOnce: find,
    asksRelationally: true,
    onNote: () => undefined,
  });
  return { side, asked };
}

const series = (study: string, number: number, size: number): Image[] =>
  Array.from({ length: size }, (_, at) => ({
    StudyInstanceUID: study,
    SeriesInstanceUID: `${study}.${String(number)}`,
    SOPInstanceUID: `${study}.${String(number)}.${String(at)}`,
  }));

const studyOf = (uid: string): SideStudy => ({
  uid,
  date: '20240101',
  tags: {},
  instances: undefined,
  orthancId: undefined,
});

function contentOf(images: readonly Image[]): SideContent {
  const bySeries = Map.groupBy(images, (image) => image.SeriesInstanceUID);
  const all = [...bySeries].map(([uid, some]) => {
    const instances = new Map(some.map(({ SOPInstanceUID: sop }) => [sop, { tags: {} }]));
    return [uid, { tags: {}, instances }] as const;
  });
  return { series: new Map(all), mayBeCut: false };
}

const sizes = (content: SideContent) => [...content.series.values()].map(({ instances }) => instances.size);

describe('a modality', () => {
  it('that knows no lists of UIDs is asked for each', async () => {
    const { side } = pacs([...series('1', 1, 1), ...series('2', 1, 1)], { knowsNoLists: true });
    expect([...(await side.studiesByUid(['1', '2', '3'])).keys()]).toEqual(['1', '2']);
  });

  it('that knows lists is not asked for each', async () => {
    const images = Array.from({ length: 100 }, (_, at) => series(`1.${String(at)}`, 1, 1)).flat();
    const { side, asked } = pacs(images);
    const uids = Array.from({ length: 120 }, (_, at) => `1.${String(at)}`);
    expect((await side.studiesByUid(uids)).size).toBe(100);
    expect(asked.length).toBeLessThan(10);
  });

  it('that reads the first UIDs of a list only misses none of the others', async () => {
    const images = Array.from({ length: 60 }, (_, at) => series(`1.${String(at)}`, 1, 1)).flat();
    const { side } = pacs(images, { readsAtMost: 10 });
    const uids = Array.from({ length: 60 }, (_, at) => `1.${String(at)}`);
    expect((await side.studiesByUid(uids)).size).toBe(60);
  });

  it('that refuses lists of UIDs is asked for each', async () => {
    const { side } = pacs([...series('1', 1, 1), ...series('2', 1, 1)], { refusesLists: true });
    expect([...(await side.studiesByUid(['1', '2', '3'])).keys()]).toEqual(['1', '2']);
  });

  it('that refuses questions for several studies is asked series by series', async () => {
    const images = [...series('1', 1, 3), ...series('1', 2, 2)];
    const { side } = pacs(images, { isStrict: true });
    for (let time = 0; time < 3; time += 1) expect(await side.glance([studyOf('1')])).toBeUndefined();
    expect(sizes(await side.contentOf('1', nothing))).toEqual([3, 2]);
  });

  it('that leaves the series out of account is not believed to have its images in each', async () => {
    const images = [...series('1', 1, 3), ...series('1', 2, 2)];
    const { side } = pacs(images, { ignoresSeries: true });
    expect(sizes(await side.contentOf('1', nothing))).toEqual([3, 2]);
  });

  it('that cuts an answer about several studies is not believed about the last of them', async () => {
    const { side } = pacs([...series('1', 1, 30), ...series('2', 1, 30)], { cap: 50 });
    expect([...((await side.glance([studyOf('1'), studyOf('2')])) ?? new Map()).keys()]).toEqual(['1']);
  });

  it.each([true, false])(
    'that cuts its answers is asked by name for what the other side knows (numbers told: %j)',
    async (tellsNumbers) => {
      const images = series('1', 1, 170);
      const { side } = pacs(images, { cap: 50, tellsNumbers });
      const known = contentOf(images.filter((_, at) => at % 2 === 0));
      const content = await side.contentOf('1', known);
      const held = content.series.get('1.1');
      for (const uid of known.series.get('1.1')?.instances.keys() ?? [])
        expect(held?.instances.has(uid)).toBe(true);
      expect(held?.mayBeCut).toBe(true);
      expect(held?.told).toBe(tellsNumbers ? 170 : undefined);
    },
  );

  it('that cuts its answers at no usual number is asked by name for what it did not tell', async () => {
    const images = series('1', 1, 60);
    const { side } = pacs(images, { cap: 37 });
    const held = (await side.contentOf('1', contentOf(images))).series.get('1.1');
    expect(held?.instances.size).toBe(60);
    expect(held?.mayBeCut).toBe(true);
    const many = Array.from({ length: 60 }, (_, at) => series('2', at, 1)).flat();
    const wide = await pacs(many, { cap: 37 }).side.contentOf('2', contentOf(many));
    expect([wide.series.size, wide.mayBeCut]).toEqual([60, true]);
  });

  it('that names as many images as it counts is not asked for each that is missing', async () => {
    const { side, asked } = pacs(series('1', 1, 3), { tellsNumbers: true });
    const content = await side.contentOf('1', contentOf(series('1', 1, 60)));
    expect(sizes(content)).toEqual([3]);
    expect(asked).toEqual(['Series', 'Instance']);
  });
});
