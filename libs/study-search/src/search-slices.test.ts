import { transientFailure } from '@orthanc-tools/failures';
import { describe, expect, it } from '@jest/globals';
import { knownCap } from './known-cap.ts';
import { type Slice, type SliceSearch, searchSlices } from './search-slices.ts';
import { daysOf } from './split-span.ts';
import { nameOfSpan, spanOf, undated } from './span.ts';

interface Held {
  readonly uid: string;
  readonly date: string;
  readonly time?: string;
}

const isWithin = (value: string, key: string) => {
  const [from = '', to = from] = key.split('-');
  return key === '' || (value >= from && value <= to);
};

/** A remote that tells at most `cap` studies, those without a date whenever it is asked. */
function remote(
  held: readonly Held[],
  { cap = Infinity, failsOn = 'never', failsBeyondDays = Infinity } = {},
) {
  const asked: string[] = [];
  const find: SliceSearch['find'] = (keys) => {
    const { StudyDate: days = '', StudyTime: times = '' } = keys;
    asked.push([days, times].join(' ').trim());
    const [from = '', to = from] = days.split('-');
    const isRefused = days === failsOn || (days !== '' && daysOf({ from, to }) > failsBeyondDays);
    if (isRefused) return Promise.reject(transientFailure('DESTINATION_NO_ANSWER', 'none'));
    const found = held.filter(
      ({ date, time = '120000' }) => date === '' || (isWithin(date, days) && isWithin(time, times)),
    );
    return Promise.resolve(
      found.slice(0, cap).map(({ uid, date, time = '120000' }) => ({
        StudyInstanceUID: uid,
        StudyDate: date,
        StudyTime: time,
      })),
    );
  };
  return { find, asked };
}

async function slicesOf(find: SliceSearch['find'], more: Partial<SliceSearch> = {}) {
  const search = { ...spanOf('20000101', '20241231'), cap: knownCap(undefined), modalities: ['CT'] };
  const slices: Slice[] = [];
  for await (const slice of searchSlices({ find, ...search, ...more })) slices.push(slice);
  return slices;
}

const uidsIn = (slices: readonly Slice[]) => slices.flatMap(({ studies }) => [...studies.keys()]);
const namesOf = (slices: readonly Slice[]) => slices.map(({ dates }) => nameOfSpan({ dates }));

const everyMonth = Array.from({ length: 25 * 12 }, (_, at) => ({
  uid: `1.2.${String(at)}`,
  date: `${String(2000 + Math.floor(at / 12))}${String((at % 12) + 1).padStart(2, '0')}15`,
}));

describe('slices', () => {
  it('of a quarter of a century take a handful of questions where little is held', async () => {
    const { find, asked } = remote(everyMonth);
    const slices = await slicesOf(find);
    expect(uidsIn(slices).toSorted()).toEqual(everyMonth.map(({ uid }) => uid).toSorted());
    expect(asked.length).toBeLessThan(30);
  });

  it('are never of more than a year, however little is held', async () => {
    const { find } = remote([]);
    const slices = await slicesOf(find);
    const days = slices.map(({ dates }) => daysOf(dates ?? { from: '', to: '' }));
    expect(Math.max(...days)).toBe(366);
    const weigh = () => Promise.resolve(0);
    const unbounded = await slicesOf(find, { mostDays: Infinity, weigh });
    expect(unbounded.length).toBeLessThan(7);
  });

  it('are of no more than a year where nobody knows how much is in them, whatever is wanted', async () => {
    const { find } = remote(everyMonth);
    const weigh = () => Promise.resolve(undefined);
    const slices = await slicesOf(find, { mostDays: Infinity, weigh });
    expect(Math.max(...slices.map(({ dates }) => daysOf(dates ?? { from: '', to: '' })))).toBe(366);
  });

  it('are as small as memory wants them where much is held on either side', async () => {
    const { find } = remote(everyMonth);
    const weigh = ({ from, to }: { from: string; to: string }) =>
      Promise.resolve((Number(to.slice(0, 4)) - Number(from.slice(0, 4)) + 1) * 1500);
    for (const { dates } of await slicesOf(find, { weigh }))
      expect(dates?.from.slice(0, 4)).toBe(dates?.to.slice(0, 4));
  });

  it('follow each other without a gap, in both directions', async () => {
    const { find } = remote(everyMonth);
    const forwards = namesOf(await slicesOf(find));
    expect(forwards[0]).toBe('20000101-20000131');
    expect(forwards[1]?.slice(0, 8)).toBe('20000201');
    const backwards = namesOf(await slicesOf(find, spanOf('20241231', '20000101')));
    expect(backwards[0]).toBe('20241201-20241231');
    expect(backwards[1]?.slice(-8)).toBe('20241130');
  });

  it('put together what a day tells in parts', async () => {
    const crowd = Array.from({ length: 40 }, (_, at) => ({
      uid: `1.3.${String(at)}`,
      date: '20000102',
      time: `${String(at % 24).padStart(2, '0')}0000`,
    }));
    const { find } = remote(crowd, { cap: 10 });
    const slices = await slicesOf(find, { ...spanOf('20000101', '20000103'), cap: knownCap(10) });
    expect(namesOf(slices)).toEqual(['20000101', '20000102', '20000103'].slice(-slices.length));
    expect(new Set(uidsIn(slices)).size).toBe(40);
  });

  it('tell of days that failed, and go on with the others', async () => {
    const { find } = remote(everyMonth, { failsOn: '20000101-20000131' });
    const slices = await slicesOf(find);
    expect(slices[0]).toMatchObject({ failure: { code: 'DESTINATION_NO_ANSWER' } });
    expect(uidsIn(slices)).toHaveLength(everyMonth.length - 1);
  });

  it('are asked for in halves where wide ranges are refused, and grow no wider than what was told', async () => {
    const { find, asked } = remote(everyMonth, { failsBeyondDays: 10 });
    const refused = await slicesOf(find, { ...spanOf('20000101', '20001231') });
    expect(refused.some(({ failure }) => failure !== undefined)).toBe(true);
    asked.length = 0;
    const slices = await slicesOf(find, { ...spanOf('20000101', '20001231'), halves: () => true });
    expect(slices.some(({ failure }) => failure !== undefined)).toBe(false);
    expect(uidsIn(slices)).toHaveLength(12);
    expect(asked.length).toBeLessThan(100);
  });

  it('shrink after a failure', async () => {
    const { find } = remote([], { failsOn: '20000201-20001005' });
    const lengths = (await slicesOf(find)).map(({ dates }) => daysOf(dates ?? { from: '', to: '' }));
    expect(lengths.slice(0, 3)).toEqual([31, 248, 124]);
  });

  it('are found behind a cap although studies without a date are told again and again', async () => {
    const undatedToo = [...everyMonth, ...['1.9.1', '1.9.2'].map((uid) => ({ uid, date: '' }))];
    const { find } = remote(undatedToo.toReversed(), { cap: 10 });
    const slices = await slicesOf(find, { cap: knownCap(10) });
    expect(new Set(uidsIn(slices)).size).toBe(undatedToo.length);
    expect(slices.some(({ isCut }) => isCut)).toBe(false);
  });

  it('of what has no date are one', async () => {
    const { find } = remote([...everyMonth, { uid: '1.9', date: '' }]);
    const slices = await slicesOf(find, { span: undated });
    expect(slices).toHaveLength(1);
    expect(uidsIn(slices)).toEqual(['1.9']);
  });
});

describe('one UID for two patients', () => {
  it('is told for both', async () => {
    const tags = { StudyInstanceUID: '1.2', StudyDate: '20240101' };
    const both = [
      { ...tags, PatientID: 'A' },
      { ...tags, PatientID: 'B' },
      { ...tags, PatientID: 'A' },
    ];
    const [slice] = await slicesOf(() => Promise.resolve(both), spanOf('20240101', '20240101'));
    expect(slice?.studies.get('1.2')?.tags['PatientID']).toBe('A');
    expect(slice?.ofOtherPatients.map((study) => study.tags['PatientID'])).toEqual(['B']);
  });
});
