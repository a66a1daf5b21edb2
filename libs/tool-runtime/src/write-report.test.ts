import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configurationError } from '@orthanc-tools/failures';
import { checkReportPlace, writeReport } from './write-report.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-report-'));
});

afterEach(async () => {
  await chmod(folder, 0o755);
  await rm(folder, { recursive: true });
});

describe('writeReport', () => {
  it('replaces an older report and leaves nothing else behind', async () => {
    const path = join(folder, 'r.json');
    await writeFile(path, 'old and longer than the new one');
    await writeReport(path, { a: 1 });
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ a: 1 });
    expect(await readdir(folder)).toEqual(['r.json']);
  });

  it('keeps the older report when a list cannot be read to its end', async () => {
    const path = join(folder, 'r.json');
    await writeReport(path, { list: [1] });
    const isFull = configurationError('LEDGER_UNREADABLE', 'The disk has failed.');
    function* failing() {
      yield 2;
      throw isFull;
    }
    await expect(writeReport(path, { list: failing() })).rejects.toBe(isFull);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ list: [1] });
    expect(await readdir(folder)).toEqual(['r.json']);
  });

  it('keeps the older report when the new one cannot take its place', async () => {
    await mkdir(join(folder, 'r.json'));
    const failure = writeReport(join(folder, 'r.json'), { a: 1 });
    await expect(failure).rejects.toMatchObject({ kind: 'configuration', code: 'REPORT_UNWRITABLE' });
    expect(await readdir(folder)).toEqual(['r.json']);
  });

  it('says beforehand that a place is none', async () => {
    await expect(checkReportPlace(join(folder, 'none', 'r.json'))).rejects.toMatchObject({
      code: 'REPORT_UNWRITABLE',
    });
    await expect(checkReportPlace(folder)).rejects.toMatchObject({
      message: `--report (REPORT): "${folder}" is a folder; give a file in it.`,
    });
    // Where not even the administrator may make a file.
    await expect(checkReportPlace('/proc/self/r.json')).rejects.toMatchObject({
      code: 'REPORT_UNWRITABLE',
    });
    await expect(checkReportPlace(join(folder, 'r.json'))).resolves.toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });
});
