import { describe, expect, it } from '@jest/globals';
import { archiveRecord } from './archive-record.ts';
import { type Outcome, aside } from './outcome.ts';

const stored = { status: 'stored', proof: 'id+md5', size: 10, id: 'i' } as const;
const junk = aside('not-dicom', 3, ['NOT_DICOM', 'The content is not DICOM.']);
const directory = aside('not-dicom', 3, ['DICOMDIR', 'A DICOMDIR lists images and is none.']);
const asItIs = (_: string, outcome: Outcome) => outcome;
const recorded = (...outcomes: Outcome[]) => {
  const record = archiveRecord(asItIs);
  for (const [at, outcome] of outcomes.entries()) record.add(String(at), outcome);
  return record;
};

describe('archiveRecord', () => {
  it('calls an archive proved when all its images are, and it has some', () => {
    expect(recorded(stored, directory).isProved('delete')).toBe(true);
    expect(recorded(stored, junk).isProved('delete')).toBe(false);
    expect(recorded(stored, junk).isProved('move')).toBe(true);
    expect(recorded({ ...stored, proof: 'id' }).isProved('move')).toBe(false);
    for (const whenDone of ['move', 'delete'] as const)
      for (const record of [recorded(), recorded(directory), recorded(junk)])
        expect(record.isProved(whenDone)).toBe(false);
  });

  it('gives each of many members of the same name a name of its own, at once', () => {
    const record = archiveRecord(asItIs);
    for (const name of ['a', 'a#2', 'a', 'a', 'b']) record.add(name, stored);
    expect(record.answer().partNotes.map(({ part }) => part)).toEqual(['a', 'a#2', 'a#3', 'a#4', 'b']);
    const many = archiveRecord(asItIs);
    for (let n = 0; n < 15_000; n += 1) many.add('a', stored);
    expect(many.answer().parts).toBe(15_000);
  }, 5000);

  it('records what is told of a member, and takes only what this try has stored for progress', () => {
    const found = { ...stored, status: 'already-there' } as const;
    const record = archiveRecord((part) => ({ ...stored, id: part }));
    record.add('a', found);
    expect([record.storedInstances, record.answer().partNotes[0]?.note]).toEqual([
      0,
      expect.stringContaining('"stored"'),
    ]);
  });
});
