import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { writeErrorFiles } from './error-files.ts';

const id = (digit: string) => Array<string>(5).fill(digit.repeat(8)).join('-');
const row = (key: string) => ({
  key,
  code: 'ORTHANC_BUSY',
  message: 'Busy.',
  attempts: 3,
  at: 0,
  parts: [],
  exceptionParts: 0,
});

it('writes a file for each study that is set aside, and takes away those of studies that have arrived', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'error-files-'));
  try {
    const other = 'notes.Study.error.txt';
    await writeFile(join(folder, other), '');
    await writeErrorFiles(folder, { setAsideRows: () => [row(id('a')), row(id('b'))] });
    await writeErrorFiles(folder, { setAsideRows: () => [row(id('b'))] });
    expect((await readdir(folder)).toSorted()).toEqual([`${id('b')}.Study.error.txt`, other]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
