import { transientFailure } from '@orthanc-tools/failures';
import { describe, expect, it } from '@jest/globals';
import { knownCap } from './known-cap.ts';
import { type Search, type Told, searchStudies } from './search-studies.ts';
import { type Span, nameOfSpan, spanOf, undated } from './span.ts';

interface Held {
  readonly uid: string;
  readonly date: string;
  readonly time: string;
  readonly modality: string;
}

interface Remote {
  readonly held: readonly Held[];
  readonly cap?: number;
  readonly ignores?: 'StudyTime';
  readonly failsOn?: string;
}

/** A remote that tells at most `cap` studies, and what it was asked. */
function remote({ held, cap = Infinity, ignores, failsOn }: Remote) {
  const asked: string[] = [];
  const within = (value: string, key: string) => {
    const [from = '', to = from] = key.split('-');
    return key === '' || (value >= from && value <= to && value !== '');
  };
  const find: Search['find'] = (keys) => {
    asked.push([keys['StudyDate'], keys['StudyTime'], keys['ModalitiesInStudy']].join(' ').trim());
    if (keys['StudyDate'] === failsOn)
      return Promise.reject(transientFailure('MODALITY_TIMEOUT', 'no answer'));
    const found = held.filter(
      ({ date, time, modality }) =>
        within(date, keys['StudyDate'] ?? '') &&
        (ignores === 'StudyTime' || within(time, keys['StudyTime'] ?? '')) &&
        within(modality, keys['ModalitiesInStudy'] ?? ''),
    );
    return Promise.resolve(
      found.slice(0, cap).map(({ uid, date, time, modality }) => ({
        StudyInstanceUID: uid,
        StudyDate: date,
        StudyTime: time,
        ModalitiesInStudy: modality,
      })),
    );
  };
  return { find, asked };
}

async function search(find: Search['find'], span: Span, more: Partial<Search> = {}) {
  const all: Told[] = [];
  const usual = { order: 'oldest first', cap: knownCap(undefined), modalities: ['CT', 'MR'] } as const;
  for await (const told of searchStudies({ find, span, ...usual, ...more })) all.push(told);
  const uids = new Set(
    all.flatMap((told) => (told.is === 'failed' ? [] : told.studies.map((s) => s.studyInstanceUid))),
  );
  return {
    all,
    uids,
    of: (is: Told['is']) => all.filter((told) => told.is === is).map((t) => nameOfSpan(t.span)),
  };
}

const january = spanOf('20240101', '20240131').span;

/** So many studies on each day, at different times. */
const everyDay = (perDay: number): Held[] =>
  Array.from({ length: 31 * perDay }, (_, at) => ({
    uid: `1.2.${String(at)}`,
    date: `202401${String(1 + Math.floor(at / perDay)).padStart(2, '0')}`,
    time: `${String(at % 24).padStart(2, '0')}3000`,
    modality: at % 2 === 0 ? 'CT' : 'MR',
  }));

describe('the studies of a range', () => {
  it('are found by one question where one suffices', async () => {
    const { find, asked } = remote({ held: everyDay(3) });
    expect((await search(find, january)).uids.size).toBe(93);
    expect(asked).toEqual(['20240101-20240131']);
  });

  it.each([
    ['given', knownCap(100)],
    ['found out', knownCap(undefined)],
  ])('are all found behind a cap that is %s', async (_, cap) => {
    const { find } = remote({ held: everyDay(13), cap: 100 });
    const { uids, of } = await search(find, january, { cap });
    expect(uids.size).toBe(31 * 13);
    expect(of('cut')).toEqual([]);
  });

  it('are all found where a day holds more than an answer, studies without a time too', async () => {
    const untimed = { uid: '1.3', date: '20240115', time: '', modality: 'MR' };
    const { find } = remote({ held: [...everyDay(40), untimed], cap: 25 });
    const { uids } = await search(find, january, { cap: knownCap(25) });
    expect(uids.size).toBe(31 * 40 + 1);
  });

  it('ask no more than a few questions for a cap that is none', async () => {
    const { find, asked } = remote({ held: everyDay(20).slice(0, 500) });
    expect((await search(find, january)).uids.size).toBe(500);
    expect(asked.length).toBeLessThan(10);
  });

  it('are said to be cut, not asked for again for ever, where the remote does not heed the time', async () => {
    const held = everyDay(40).filter(({ date }) => date === '20240102');
    const { find, asked } = remote({ held, cap: 10, ignores: 'StudyTime' });
    const { of } = await search(find, spanOf('20240102', '20240102').span, { cap: knownCap(10) });
    expect(of('cut').length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThan(10);
  });

  it('go on where one part fails, and tell which', async () => {
    const { find } = remote({ held: everyDay(13), cap: 100, failsOn: '20240101-20240108' });
    const { of, uids } = await search(find, january, { cap: knownCap(100) });
    expect(of('failed')).toEqual(['20240101-20240108']);
    expect(uids.size).toBe(31 * 13 - 8 * 13);
  });

  it('come with the newest first where that is wanted', async () => {
    const { find, asked } = remote({ held: everyDay(13), cap: 100 });
    await search(find, january, { cap: knownCap(100), order: 'newest first' });
    expect(asked[1]).toBe('20240117-20240131');
  });

  it('without a date are found among all others', async () => {
    const dateless = { uid: '1.4', date: '', time: '', modality: 'CT' };
    const { find } = remote({ held: [...everyDay(3), dateless] });
    expect((await search(find, undated)).uids).toEqual(new Set(['1.4']));
  });

  it.each(['0', '00000000', '2024', '20240230'])(
    'are found there, too, where their date is no day: "%s"',
    async (date) => {
      const strange = { uid: '1.4', date, time: '', modality: 'CT' };
      const { find } = remote({ held: [...everyDay(3), strange] });
      expect((await search(find, undated)).uids).toEqual(new Set(['1.4']));
    },
  );

  it('are all found that have fractions of seconds in their times', async () => {
    const held = everyDay(40).map((study, at) => ({
      ...study,
      date: '20240102',
      time: `${String(at % 24).padStart(2, '0')}59${at % 2 === 0 ? '59.5' : '00.123456'}`,
    }));
    const { find } = remote({ held: held.slice(0, 200), cap: 25 });
    const { uids } = await search(find, spanOf('20240102', '20240102').span, { cap: knownCap(25) });
    expect(uids.size).toBe(200);
  });

  it('are never called told where an answer was not whole', async () => {
    const held = everyDay(31).map((study) => ({ ...study, date: '20240102' }));
    const { find } = remote({ held, cap: 25 });
    const { all } = await search(find, spanOf('20240102', '20240102').span, { cap: knownCap(25) });
    const full = all.filter((told) => told.is === 'told' && told.studies.length >= 25);
    expect(full).toEqual([]);
    expect(new Set(all.map(({ is }) => is))).toEqual(new Set(['told', 'some', 'cut']));
  });

  it('that have no time are missed nowhere in silence, whichever modality tells of the first', async () => {
    const timed = everyDay(10).map((study) => ({ ...study, date: '20240102' }));
    const [ct, mr] = ['CT', 'MR'].map((one) => timed.filter(({ modality }) => modality === one));
    const untimed = { uid: '1.5', date: '20240102', time: '', modality: 'MR' };
    const { find } = remote({ held: [...(ct ?? []), untimed, ...(mr ?? [])], cap: 25 });
    const { of } = await search(find, spanOf('20240102', '20240102').span, { cap: knownCap(25) });
    expect(of('cut')).toEqual(['20240102 CT', '20240102 MR']);
  });

  it('leave a cap suspected where the parts were cut as well', async () => {
    const held = everyDay(20).map((study) => ({
      ...study,
      date: '20240102',
      time: '120000',
      modality: 'CT',
    }));
    const { find } = remote({ held, cap: 50 });
    const cap = knownCap(undefined);
    await search(find, spanOf('20240102', '20240102').span, { cap });
    expect(cap.mayBeCut(50)).toBe(true);
  });
});
