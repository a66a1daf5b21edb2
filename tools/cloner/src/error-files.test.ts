import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
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

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'error-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (owner: string, ...ids: string[]) =>
  writeErrorFiles({ folder, owner }, { setAsideRows: () => ids.map(row), exceptions: () => [] });
const files = async () => (await readdir(folder)).toSorted();

it('writes a file for each study that is set aside, and takes away those of studies that have arrived', async () => {
  const other = 'notes.Study.error.txt';
  await writeFile(join(folder, other), '');
  await write('/a.sqlite', id('a'), id('b'));
  expect(await readFile(join(folder, `${id('a')}.Study.error.txt`), 'utf8')).toContain('ORTHANC_BUSY Busy.');
  await write('/a.sqlite', id('b'));
  expect(await files()).toEqual([`${id('b')}.Study.error.txt`, other]);
});

it('leaves the files of another clone in the same folder alone', async () => {
  await write('/a.sqlite', id('a'));
  await write('/b.sqlite');
  expect(await files()).toEqual([`${id('a')}.Study.error.txt`]);
});

it('names each instance that was set aside, also where a row of the ledger shows only the first ones', async () => {
  const part = (number: number) => ({ part: `i${String(number)}`, code: 'FILTERED', message: 'No.' });
  const parts = Array.from({ length: 700 }, (_, number) => part(number + 1000));
  const ledger = {
    setAsideRows: () => [{ ...row(id('a')), parts: parts.slice(0, 20), exceptionParts: parts.length }],
    exceptions: (_: string, { limit, after = '' }: { limit: number; after?: string }) =>
      parts.filter((one) => one.part > after).slice(0, limit),
  };
  await writeErrorFiles({ folder, owner: '/a.sqlite' }, ledger);
  const lines = (await readFile(join(folder, `${id('a')}.Study.error.txt`), 'utf8')).split('\n');
  expect(lines.slice(1, -2)).toEqual(parts.map((one) => `${one.part} FILTERED No.`));
});
