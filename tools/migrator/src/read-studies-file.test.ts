import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ListedWork, readStudiesFile } from './read-studies-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studies-file-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function listIn(path: string): Promise<ListedWork[]> {
  const listed: ListedWork[] = [];
  for await (const work of readStudiesFile(path)) listed.push(work);
  return listed;
}

async function read(content: string): Promise<ListedWork[]> {
  const path = join(folder, 'studies.csv');
  await writeFile(path, content);
  return listIn(path);
}

describe('a list of studies', () => {
  it.each([
    ['the file of the Python tool: UIDs, without a head', '1.2.3,whatever\n1.2.4\n\n', ['1.2.3', '1.2.4']],
    ['a head', 'PatientID,StudyInstanceUID\nx,1.2.3\n', ['1.2.3']],
    [
      'semicolons, a byte order mark and another case',
      '\ufeffstudy instance uid;Date\r\n1.2.3;2024\r\n',
      ['1.2.3'],
    ],
    ['quotes', '"StudyInstanceUID","StudyDescription"\n"1.2.3","a, b"\n', ['1.2.3']],
  ])('is read: %s', async (_, content, uids) => {
    expect(await read(content)).toEqual(uids.map((uid) => ({ uid })));
  });

  it('may name accession numbers', async () => {
    expect(await read('AccessionNumber\nA 1\nA2\n')).toEqual([{ accession: 'A 1' }, { accession: 'A2' }]);
  });

  it('that is wrong is refused by its line, without its content', async () => {
    await expect(read('StudyInstanceUID\n1.2.3\nJane Doe\n')).rejects.toThrow(/line 3 holds neither/);
    await expect(read('StudyInstanceUID\n1.2.3\nJane Doe\n')).rejects.not.toThrow(/Jane/);
  });

  it('that is not there is refused', async () => {
    await expect(listIn(join(folder, 'none.csv'))).rejects.toMatchObject({
      code: 'STUDIES_FILE_UNREADABLE',
    });
  });
});
