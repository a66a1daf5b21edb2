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
    expect(await read(content)).toMatchObject(uids.map((uid) => ({ uid })));
  });

  it('may name accession numbers', async () => {
    expect(await read('AccessionNumber\nA 1\nA2\n')).toEqual([
      { entry: 1, accession: 'A 1' },
      { entry: 2, accession: 'A2' },
    ]);
  });

  it('may be the CSV report of a run: each study once, and no search', async () => {
    const lines = [
      'StudyInstanceUID,StudyDate,SOPInstanceUID,State,Code,Search',
      '1.2.3,20240101,,set aside,IMAGES_MISSING,',
      '1.2.3,20240101,1.2.3.1,missing,NOT_DELIVERED,',
      ',,,set aside,STUDY_NOT_FOUND,entry 7 of the list',
      '1.2.4,20240102,,done,,',
    ];
    expect(await read(lines.join('\n'))).toEqual([
      { entry: 1, uid: '1.2.3' },
      { entry: 4, uid: '1.2.4' },
    ]);
  });

  it('may name a UID that is longer than DICOM allows, as Orthanc keeps such', async () => {
    const uid = `2.25.${'1'.repeat(74)}`;
    expect(await read(`StudyInstanceUID\n${uid}\n`)).toEqual([{ entry: 1, uid }]);
  });

  it.each([
    ['StudyInstanceUID\n1.2.3\nJane Doe\n', 'line 3: what stands for the UID has other signs than digits'],
    [`StudyInstanceUID\n${'1'.repeat(257)}\n`, 'line 2: the UID is longer than the 256 signs'],
    ['StudyInstanceUID,Name\n,Jane Doe\n', 'line 2 holds neither a UID nor an accession number'],
  ])('that is wrong is refused by its line, with the reason: %#', async (content, why) => {
    await expect(read(content)).rejects.toThrow(why);
  });

  it('that is wrong is refused without its content', async () => {
    await expect(read('StudyInstanceUID\n1.2.3\nJane Doe\n')).rejects.not.toThrow(/Jane/);
  });

  it('that is not there is refused', async () => {
    await expect(listIn(join(folder, 'none.csv'))).rejects.toMatchObject({
      code: 'STUDIES_FILE_UNREADABLE',
    });
  });
});
