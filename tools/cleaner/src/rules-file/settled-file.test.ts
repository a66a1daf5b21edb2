import { mkdtempSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
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

  it('that is not there while it is replaced is waited for', async () => {
    const path = newFile();
    renameSync(path, `${path}.old`);
    const sleep = () => {
      renameSync(`${path}.old`, path);
      utimesSync(path, new Date(0), new Date(0));
      return Promise.resolve();
    };
    const version = await untilSettled(path, { sleep });
    expect(version).toEqual(expect.any(String));
    expect(version).toBe(await versionOf(path));
  });

  it('that does not come is refused, and the option is named', async () => {
    await expect(
      untilSettled('/nowhere/rules.csv', { sleep: () => Promise.resolve() }),
    ).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: '--labels-file-path (LABELS_FILE_PATH): the file "/nowhere/rules.csv" cannot be read: ENOENT.',
    });
  });
});
