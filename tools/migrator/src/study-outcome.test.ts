import { ambiguousFailure } from '@orthanc-tools/failures';
import type { ListedSeries } from '@orthanc-tools/study-search';
import { describe, expect, it } from '@jest/globals';
import { compareImages } from './compare-images.ts';
import type { Fetched } from './fetch-study.ts';
import type { Judged, Sent } from './send-study.ts';
import { outcomeOfFetch, outcomeOfSending } from './study-outcome.ts';

const series: ListedSeries = {
  seriesInstanceUid: 's',
  modality: 'CT',
  images: new Set(['a', 'b']),
  told: 2,
  isWhole: true,
};
const study = { studyInstanceUid: '1', series: [series], isWhole: true };
const refused = ambiguousFailure('RETRIEVAL_FAILED', 'It did not.');

const fetched = (held: readonly string[], more: Partial<Fetched> = {}): Fetched => ({
  comparison: compareImages(study, new Map(held.map((uid) => [uid, 's']))),
  fetched: held.length,
  arrived: { foreign: 0, own: held.length },
  held: held.length,
  failure: undefined,
  isUnproved: false,
  ...more,
});

describe('what came of fetching', () => {
  it('is a migrated study where everything came', () => {
    expect(outcomeOfFetch(fetched(['a', 'b']))).toMatchObject({
      outcome: 'migrated',
      proof: 'uid',
      proved: 2,
      exceptions: [],
      mayPass: false,
    });
  });

  it('is one that was there where nothing had to come', () => {
    const arrived = { foreign: 2, own: 0 };
    expect(outcomeOfFetch(fetched(['a', 'b'], { fetched: 0, arrived }))).toMatchObject({
      ...{ outcome: 'already-there', proof: 'existence', proved: 2, existing: 2 },
    });
  });

  it('has no better proof than that of what was there before, where the rest had to come', () => {
    const arrived = { foreign: 1, own: 1 };
    expect(outcomeOfFetch(fetched(['a', 'b'], { fetched: 1, arrived }))).toMatchObject({
      ...{ outcome: 'migrated', proof: 'existence', proved: 2, existing: 1 },
    });
  });

  it('is proved where it came in an earlier try, or with a process before this one', () => {
    expect(outcomeOfFetch(fetched(['a', 'b'], { fetched: 0 }))).toMatchObject({
      ...{ outcome: 'migrated', proof: 'uid', existing: 0 },
    });
  });

  it('names what is missing, and why', () => {
    const { exceptions, proved, mayPass } = outcomeOfFetch(fetched(['a'], { failure: refused }));
    expect(exceptions).toEqual([
      expect.objectContaining({
        part: 'b',
        code: 'NOT_DELIVERED',
        message: expect.stringContaining('RETRIEVAL_FAILED'),
      }),
    ]);
    expect([proved, mayPass]).toEqual([1, true]);
  });

  it('is only accepted where nobody can be asked, and nothing where the order failed', () => {
    const silent = { fetched: 0, isUnproved: true };
    expect(outcomeOfFetch(fetched([], silent))).toMatchObject({ outcome: 'accepted', proof: 'none' });
    expect(outcomeOfFetch(fetched([], { ...silent, failure: refused })).exceptions).toHaveLength(2);
  });

  it('is in doubt where the source neither names nor counts its images', () => {
    const cut = { ...study, series: [{ ...series, told: undefined, isWhole: false }] };
    const comparison = compareImages(
      cut,
      new Map([
        ['a', 's'],
        ['b', 's'],
      ]),
    );
    expect(outcomeOfFetch(fetched(['a', 'b'], { comparison }))).toMatchObject({
      exceptions: [{ code: 'LIST_CUT' }],
      mayPass: false,
    });
  });
});

describe('a source that counts more images of a study than it names', () => {
  it('is believed: as many must be held', () => {
    expect(outcomeOfFetch(fetched(['a', 'b']), 3)).toMatchObject({
      proof: 'none',
      exceptions: [{ code: 'LIST_CUT' }],
    });
    expect(outcomeOfFetch(fetched(['a', 'b'], { held: 3 }), 3)).toMatchObject({
      proof: 'uid+count',
      exceptions: [],
    });
  });
});

describe('a source that counts as many images of a study as it names', () => {
  const suspected = { ...series, told: undefined, isWhole: false };
  const both = new Map([
    ['a', 's'],
    ['b', 's'],
  ]);

  it.each([
    ['a series looks cut', { ...study, series: [suspected] }],
    ['the list of series does', { ...study, isWhole: false }],
  ])('hides none, where %s too', (_, cut) => {
    const comparison = compareImages(cut, both);
    expect(outcomeOfFetch(fetched(['a', 'b'], { comparison }))).toMatchObject({ proof: 'none' });
    expect(outcomeOfFetch(fetched(['a', 'b'], { comparison }), 2)).toMatchObject({
      proof: 'uid',
      exceptions: [],
      mayPass: false,
    });
    expect(outcomeOfFetch(fetched(['a', 'b'], { comparison }), 3)).toMatchObject({ proof: 'none' });
  });

  it('by the counts of its series, names no other series', () => {
    const cut = { ...study, isWhole: false, series: [{ ...series, told: 3, isWhole: false }] };
    const comparison = compareImages(cut, new Map([...both, ['c', 's']]));
    expect(outcomeOfFetch(fetched(['a', 'b', 'c'], { comparison }), 3)).toMatchObject({
      proof: 'uid+count',
      exceptions: [],
    });
  });

  it('lacks what has not come, and nothing else', () => {
    const comparison = compareImages({ ...study, series: [suspected] }, new Map([['a', 's']]));
    const { exceptions } = outcomeOfFetch(fetched(['a'], { comparison }), 2);
    expect(exceptions.map(({ part }) => part)).toEqual(['b']);
  });

  it('is not meant where nothing is named, and nothing counted', () => {
    const comparison = compareImages({ ...study, series: [{ ...suspected, images: new Set() }] }, new Map());
    expect(outcomeOfFetch(fetched([], { comparison }))).toMatchObject({ proof: 'none' });
  });

  it('is not believed where it counts fewer', () => {
    const comparison = compareImages({ ...study, series: [suspected] }, both);
    expect(outcomeOfFetch(fetched(['a', 'b'], { comparison }), 1)).toMatchObject({ proof: 'none' });
  });
});

const judged = (uid: string, verdict: Judged['verdict']): Judged => ({
  verdict,
  instance: {
    id: `id of ${uid}`,
    seriesId: 'id of s',
    size: 10,
    md5: undefined,
    identifiers: { patientId: 'p', studyUid: '1', seriesUid: 's', sopInstanceUid: uid },
  },
});
const sent = (all: readonly Judged[], more: Partial<Sent> = {}): Sent => ({
  judged: all,
  sent: 1,
  failure: undefined,
  isUnproved: false,
  held: all.map(({ instance }) => instance),
  ...more,
});

describe('what came of sending', () => {
  it('has the weakest proof of all instances', () => {
    const all = [judged('a', { is: 'proved', proof: 'c-find' }), judged('b', { is: 'undecided' })];
    expect(outcomeOfSending(sent(all))).toMatchObject({ proof: 'existence', proved: 2, bytes: 20 });
  });

  it('names a conflict, which no other try will cure', () => {
    const all = [judged('a', { is: 'different' })];
    expect(outcomeOfSending(sent(all))).toMatchObject({
      exceptions: [{ part: 'a', code: 'CONTENT_CONFLICT' }],
      mayPass: false,
    });
  });

  it('names what several patients share, which no other try will cure', () => {
    const all = [judged('a', { is: 'ambiguous' }), judged('a', { is: 'ambiguous' })];
    expect(outcomeOfSending(sent(all))).toMatchObject({
      exceptions: [{ part: 'a', code: 'SEVERAL_PATIENTS' }],
      proved: 0,
      mayPass: false,
    });
  });

  it('may pass where something has not arrived', () => {
    expect(outcomeOfSending(sent([judged('a', { is: 'missing' })])).mayPass).toBe(true);
  });
});

describe('what came of sending on what was fetched', () => {
  const all = [judged('a', { is: 'proved', proof: 'c-find' }), judged('b', { is: 'undecided' })];

  it('is proved where everything that the source listed is at the destination', () => {
    expect(outcomeOfSending(sent(all), { study, told: 2 })).toMatchObject({ exceptions: [], mayPass: false });
  });

  it('has no better proof than that of what Orthanc in between held before it was fetched', () => {
    const whole = sent([
      judged('a', { is: 'proved', proof: 'id+md5' }),
      judged('b', { is: 'proved', proof: 'id+md5' }),
    ]);
    expect(outcomeOfSending(whole, { study, foreign: 0 })).toMatchObject({ proof: 'id+md5', existing: 0 });
    expect(outcomeOfSending(whole, { study, foreign: 1 })).toMatchObject({ proof: 'existence', existing: 1 });
  });

  it.each([false, true])(
    'misses what Orthanc in between has lost (nobody can be asked: %j)',
    (isUnproved) => {
      const { held } = sent(all.slice(0, 1));
      const outcome = outcomeOfSending(sent(isUnproved ? [] : all.slice(0, 1), { held, isUnproved }), {
        study,
      });
      expect(outcome).toMatchObject({ exceptions: [{ part: 'b', code: 'NOT_DELIVERED' }], mayPass: true });
    },
  );

  it('misses what the source only counts, too', () => {
    expect(outcomeOfSending(sent(all), { study, told: 3 })).toMatchObject({
      exceptions: [{ part: 'list', code: 'NOT_DELIVERED' }],
      mayPass: true,
    });
  });

  it('misses what the source only counts behind a list that is cut, too', () => {
    expect(outcomeOfSending(sent(all), { study: { ...study, isWhole: false }, told: 3 })).toMatchObject({
      exceptions: [{ part: 'list', code: 'NOT_DELIVERED' }],
      mayPass: true,
    });
  });

  it('names an image once that is there and has not arrived', () => {
    const missing = [all[0] ?? judged('a', { is: 'missing' }), judged('b', { is: 'missing' })];
    expect(outcomeOfSending(sent(missing), { study }).exceptions).toMatchObject([{ part: 'b' }]);
  });
});
