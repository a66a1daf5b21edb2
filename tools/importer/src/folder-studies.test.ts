import { describe, expect, it } from '@jest/globals';
import type { ItemRow } from '@orthanc-tools/work-ledger';
import { pdfsToDecide, studiesByFolder, studyFor } from './folder-studies.ts';
import type { WhereIs, Whereabouts } from './whereabouts.ts';

const row = (key: string, note: object, state: ItemRow['state'] = 'done'): ItemRow => ({
  at: 0,
  key,
  state,
  outcome: '',
  proof: '',
  bytes: 0,
  code: '',
  message: '',
  mark: `mark of ${key}`,
  note: JSON.stringify(note),
});
const ledgerOf = (...rows: ItemRow[]) => ({
  verdict: (subject: string) =>
    subject === 'two persons' ? JSON.stringify({ differ: ['name'] }) : undefined,
  rows: ({ limit, after = '' }: { limit: number; after?: string }) =>
    rows
      .filter(({ key }) => key > after)
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .slice(0, limit),
});
const pdf = (key: string) => row(key, { status: 'waiting', code: 'PDF_WAITS', size: 1 });
const image = (key: string, studyId?: string) =>
  row(key, { status: 'stored', id: `of ${key}`, studyId, size: 1 });
/** Without a mark it went at that time. */
const gone = (at: number, one: ItemRow) => ({ ...one, at, mark: '' });

const whereIs =
  (others: Readonly<Record<string, Whereabouts>> = {}): WhereIs =>
  ({ key, mark }) =>
    Promise.resolve(others[key] ?? (mark === '' ? 'taken' : 'there'));

/** For PDFs that were there from the beginning. */
async function studiesIn(
  ledger: ReturnType<typeof ledgerOf>,
  others?: Readonly<Record<string, Whereabouts>>,
) {
  const folders = await studiesByFolder(ledger, whereIs(others));
  return new Map([...folders].map(([key, images]) => [key, studyFor(images, 0)]));
}
const codesIn = (folders: Awaited<ReturnType<typeof studiesIn>>) =>
  Object.fromEntries([...folders].map(([key, study]) => [key, 'code' in study ? study.code : study.studyId]));

describe('the study of a folder with a PDF', () => {
  it('is that of the images in this very folder, not of those below or above it', async () => {
    const ledger = ledgerOf(image('x', 'other'), image('a/i', 's'), image('a/b/i', 'other'), pdf('a/p'));
    expect(await studiesIn(ledger)).toEqual(new Map([['a/', { studyId: 's', imageId: 'of a/i' }]]));
  });

  it('is open where there is no image, where there are several studies, and where a file is nobody knows whose', async () => {
    const unread = row('c/u', { status: 'refused', size: 0, code: 'FILE_UNREADABLE' }, 'set aside');
    const folders = await studiesIn(
      ledgerOf(
        pdf('none/p'),
        ...[pdf('b/p'), image('b/1', 's'), image('b/2', 't'), image('b/3')],
        ...[pdf('c/p'), image('c/1', 's'), unread],
        ...[pdf('d/p'), image('d/1'), image('d/2', 's')],
        ...[pdf('e/p'), row('e/1', { id: 'i', studyId: 's', patientId: 'two persons' })],
        ...[pdf('f/p'), row('f/1', { id: 'i', studyId: 's', code: 'INSTANCE_FILTERED' }, 'set aside')],
        ...[pdf('g/p'), image('g/1', 's'), { ...row('g/2', {}, 'waiting'), note: '' }],
        ...[pdf('h/p'), image('h/1', 's'), gone(1, row('h/2', { status: 'vanished' }))],
        ...[pdf('i/p'), image('i/1', 's'), row('i/2', { status: 'waiting', code: 'IDENTITY_WAITS' })],
      ),
    );
    expect(codesIn(folders)).toEqual({
      'none/': 'PDF_NO_STUDY',
      'b/': 'PDF_SEVERAL_STUDIES',
      'c/': 'PDF_STUDY_UNSURE',
      'd/': 'PDF_STUDY_UNSURE',
      'e/': 'PDF_STUDY_UNSURE',
      'f/': 'PDF_STUDY_UNSURE',
      'g/': 'PDF_WAITS',
      'h/': 'PDF_STUDY_UNSURE',
      'i/': 'PDF_WAITS',
    });
  });

  it('is that of its images, whatever temporary name one of them was found under before it was read', async () => {
    const passing = gone(1, row('a/.i.Xy12', { status: 'vanished', isPassing: true }));
    expect(await studiesIn(ledgerOf(pdf('a/p'), image('a/i', 's'), passing))).toEqual(
      new Map([['a/', { studyId: 's', imageId: 'of a/i' }]]),
    );
  });

  it('is told by no image that others took away, and by none that cannot be looked at', async () => {
    const ledger = ledgerOf(
      ...[pdf('a/p'), image('a/i', 's')],
      ...[pdf('b/p'), image('b/i', 's'), image('b/j', 't')],
      ...[pdf('c/p'), image('c/i', 's'), image('c/j', 't')],
      ...[pdf('d/p'), gone(1, image('d/i', 's'))],
    );
    const others = { 'a/i': 'gone', 'b/i': 'gone', 'c/j': 'unknown', 'd/i': 'there' } as const;
    expect(codesIn(await studiesIn(ledger, others))).toEqual({
      'a/': 'PDF_NO_STUDY',
      'b/': 't',
      'c/': 'PDF_STUDY_UNSURE',
      'd/': 's',
    });
  });

  it('is told by images that were taken away only where the PDF was there before', async () => {
    const ledger = ledgerOf(
      pdf('p'),
      ...[gone(10, image('a', 'first')), gone(40, image('b', 'third')), gone(20, image('c', 'second'))],
      ...[gone(30, image('d', 'third')), gone(15, image('e', 'second'))],
      gone(5, row('f', { status: 'vanished' })),
    );
    const images = (await studiesByFolder(ledger, whereIs())).get('');
    const codes = [4, 5, 19, 20, 39, 40].map((since) => {
      const study = images && studyFor(images, since);
      return study && ('code' in study ? study.code : study.studyId);
    });
    const several = 'PDF_SEVERAL_STUDIES';
    expect(codes).toEqual([several, several, several, 'third', 'third', 'PDF_NO_STUDY']);
  });

  it('asks the disk only for files that say something new', async () => {
    const asked: string[] = [];
    const ledger = ledgerOf(pdf('p'), ...['a', 'b', 'c'].map((key) => image(key, 's')), image('d', 't'));
    await studiesByFolder(ledger, ({ key }) => {
      asked.push(key);
      return Promise.resolve('there');
    });
    expect(asked).toEqual(['a', 'd']);
  });

  it('brings a PDF up again only when it says something new, with the mark that it had', async () => {
    const known = row('b/p', { status: 'not-dicom', code: 'PDF_NO_STUDY', size: 1 });
    const ledger = ledgerOf(pdf('a/p'), image('a/i', 's'), known);
    const folders = await studiesByFolder(ledger, whereIs());
    const kept: string[] = [];
    const keep = (rows: readonly { key: string }[]) => kept.push(...rows.map(({ key }) => key));
    expect([...pdfsToDecide(ledger, folders, { sinceBefore: () => 0, keep })].flat()).toEqual([
      { key: 'a/p', mark: 'mark of a/p' },
    ]);
    expect(kept).toEqual(['a/p']);
  });
});
