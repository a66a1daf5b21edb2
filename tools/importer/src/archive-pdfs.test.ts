import { describe, expect, it } from '@jest/globals';
import { permanentFailure } from '@orthanc-tools/failures';
import { archivePdfs } from './archive-pdfs.ts';
import { wholeContent } from './content.ts';
import { type Outcome, aside, noteOf } from './outcome.ts';
import type { Member } from './read-archive.ts';

const listed = aside('not-dicom', 3, ['PDF', 'A PDF.']);
const damaged: Outcome = {
  status: 'refused',
  size: 3,
  failure: permanentFailure('ARCHIVE_DAMAGED', 'It cannot be read.'),
};
const pdf = wholeContent(Buffer.from('%PDF-1.7'));

async function* membersOf(...members: Member[]): AsyncGenerator<Member> {
  for (const member of members) yield await Promise.resolve(member);
}

async function codesOf(...members: Member[]): Promise<(string | undefined)[][]> {
  // Nothing is asked of Orthanc where it is not certain whose the PDFs are.
  const pdfs = archivePdfs({ pdfs: new Map() } as unknown as Parameters<typeof archivePdfs>[0]);
  for (const name of ['a.pdf', 'b.pdf', 'c.pdf']) pdfs.see({ name, folder: '' }, listed);
  const codes: (string | undefined)[][] = [];
  await pdfs.store(membersOf(...members), false, (name, outcome) => codes.push([name, noteOf(outcome).code]));
  return codes;
}

describe('archivePdfs', () => {
  it('says of each PDF what became of it, also where one cannot be read again', async () => {
    const sound = (name: string): Member => ({ name, folder: '', outcome: listed, pdf });
    expect(
      await codesOf({ name: 'x', folder: '', outcome: damaged }, sound('a.pdf'), {
        name: 'b.pdf',
        folder: '',
        outcome: damaged,
      }),
    ).toEqual([
      ['a.pdf', 'PDF_STUDY_UNSURE'],
      ['b.pdf', 'ARCHIVE_DAMAGED'],
      ['c.pdf', 'ARCHIVE_DAMAGED'],
    ]);
  });
});
