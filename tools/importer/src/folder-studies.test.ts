import { describe, expect, it } from '@jest/globals';
import type { ItemRow } from '@orthanc-tools/work-ledger';
import { pdfsToDecide, studiesByFolder } from './folder-studies.ts';

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

describe('the study of a folder with a PDF', () => {
  it('is that of the images in this very folder, not of those below or above it', () => {
    const ledger = ledgerOf(image('x', 'other'), image('a/i', 's'), image('a/b/i', 'other'), pdf('a/p'));
    expect(studiesByFolder(ledger)).toEqual(new Map([['a/', { studyId: 's', imageId: 'of a/i' }]]));
  });

  it('is open where there is no image, where there are several studies, and where a file is nobody knows whose', () => {
    const unread = row('c/u', { status: 'refused', size: 0, code: 'FILE_UNREADABLE' }, 'set aside');
    const folders = studiesByFolder(
      ledgerOf(
        pdf('none/p'),
        ...[pdf('b/p'), image('b/1', 's'), image('b/2', 't'), image('b/3')],
        ...[pdf('c/p'), image('c/1', 's'), unread],
        ...[pdf('d/p'), image('d/1'), image('d/2', 's')],
        ...[pdf('e/p'), row('e/1', { id: 'i', studyId: 's', patientId: 'two persons' })],
        ...[pdf('f/p'), row('f/1', { id: 'i', studyId: 's', code: 'INSTANCE_FILTERED' }, 'set aside')],
        ...[pdf('g/p'), image('g/1', 's'), { ...row('g/2', {}, 'waiting'), note: '' }],
        ...[pdf('h/p'), image('h/1', 's'), row('h/2', { status: 'vanished' })],
      ),
    );
    expect(
      Object.fromEntries([...folders].map(([key, study]) => [key, 'code' in study && study.code])),
    ).toEqual({
      'none/': 'PDF_NO_STUDY',
      'b/': 'PDF_SEVERAL_STUDIES',
      'c/': 'PDF_STUDY_UNSURE',
      'd/': 'PDF_STUDY_UNSURE',
      'e/': 'PDF_STUDY_UNSURE',
      'f/': 'PDF_STUDY_UNSURE',
      'g/': 'PDF_WAITS',
      'h/': 'PDF_STUDY_UNSURE',
    });
  });

  it('is that of its images, whatever temporary name one of them was found under before it was read', () => {
    const passing = row('a/.i.Xy12', { status: 'vanished', isPassing: true });
    expect(studiesByFolder(ledgerOf(pdf('a/p'), image('a/i', 's'), passing))).toEqual(
      new Map([['a/', { studyId: 's', imageId: 'of a/i' }]]),
    );
  });

  it('brings a PDF up again only when it says something new, with the mark that it had', () => {
    const known = row('b/p', { status: 'not-dicom', code: 'PDF_NO_STUDY', size: 1 });
    const ledger = ledgerOf(pdf('a/p'), image('a/i', 's'), known);
    expect([...pdfsToDecide(ledger, studiesByFolder(ledger))].flat()).toEqual([
      { key: 'a/p', mark: 'mark of a/p' },
    ]);
  });
});
