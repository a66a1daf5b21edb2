import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReportPage, ReportTable } from './report-page.ts';
import { writePage } from './write-page.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'html-report-'));
});
afterAll(() => rm(folder, { recursive: true }));

const page = (rows: ReportTable['rows']): ReportPage => ({
  title: 'A page',
  verdict: { text: 'Fine.', tone: 'good' },
  facts: [],
  totals: [],
  sections: [{ is: 'table', heading: 'Rows', columns: [{ title: 'x' }], rows, longest: 1e6, whenEmpty: '-' }],
  madeBy: 'a test',
});

describe('a page that is written', () => {
  it('is whole, however long it is', async () => {
    const path = join(folder, 'long.html');
    await writePage(path, page(Array.from({ length: 50_000 }, (_, at) => [`row ${String(at)}`])));
    const html = await readFile(path, 'utf8');
    expect(html.match(/row \d+/g)).toHaveLength(50_000);
    expect(html.endsWith('</html>\n')).toBe(true);
  });

  it('leaves the one before as it was when it cannot be made', async () => {
    const path = join(folder, 'kept.html');
    await writeFile(path, 'before');
    function* broken() {
      yield ['one'];
      throw new RangeError('no more rows');
    }
    await expect(writePage(path, page(broken()))).rejects.toThrow(RangeError);
    expect(await readFile(path, 'utf8')).toBe('before');
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('says where it cannot be written', async () => {
    const path = join(folder, 'missing', 'page.html');
    await expect(writePage(path, page([]))).rejects.toMatchObject({ code: 'REPORT_UNWRITABLE' });
  });
});
