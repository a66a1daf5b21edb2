import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { untilSettled, versionOf } from './settled-file.ts';

function newFile(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'settled-')), 'rules.csv');
  writeFileSync(path, 'LABEL1,6\n');
  return path;
}

describe('a rules file', () => {
  it('that was written long ago is read at once', async () => {
    const path = newFile();
    utimesSync(path, new Date(0), new Date(0));
    const sleep = () => Promise.reject(new Error('waited'));
    expect(await untilSettled(path, { sleep })).toBe(await versionOf(path));
  });

  it('that is being written is waited for', async () => {
    const path = newFile();
    const pieces = ['LABEL2,6\n', 'LABEL3,60\n'];
    const sleep = () => {
      const piece = pieces.shift();
      if (piece !== undefined) writeFileSync(path, piece, { flag: 'a' });
      return Promise.resolve();
    };
    expect(await untilSettled(path, { sleep })).toBe(await versionOf(path));
    expect(pieces).toEqual([]);
  });

  it('that is written without end is refused', async () => {
    const path = newFile();
    const sleep = () => {
      writeFileSync(path, 'LABEL2,6\n', { flag: 'a' });
      return Promise.resolve();
    };
    await expect(untilSettled(path, { sleep })).rejects.toMatchObject({ code: 'RULES_FILE_CHANGING' });
  });

  it('that is not there is for whoever reads it', async () => {
    expect(await untilSettled('/nowhere/rules.csv', { sleep: () => Promise.resolve() })).toBeUndefined();
  });
});
