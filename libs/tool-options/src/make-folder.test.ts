import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { makeFolder } from './make-folder.ts';

const place = mkdtempSync(join(tmpdir(), 'make-folder-'));
afterAll(() => rmSync(place, { recursive: true }));

const purpose = { option: 'errorFolderPath', code: 'FOLDER_UNWRITABLE' };

function faultOf(folder: string): unknown {
  try {
    makeFolder(folder, purpose);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('makeFolder', () => {
  it('makes the missing parents, too, and leaves alone what is there', () => {
    const folder = join(place, 'a', 'b', 'c');
    makeFolder(folder, purpose);
    writeFileSync(join(folder, 'kept'), '');
    makeFolder(folder, purpose);
    expect(existsSync(join(folder, 'kept'))).toBe(true);
  });

  it.each(['file', 'file/a', 'file/a/b'])('names flag and variable when a file is in the way: %s', (path) => {
    writeFileSync(join(place, 'file'), '');
    expect(faultOf(join(place, path))).toMatchObject({
      kind: 'configuration',
      code: 'FOLDER_UNWRITABLE',
      message: `--error-folder-path (ERROR_FOLDER_PATH): the folder "${join(place, path)}" cannot be made.`,
    });
  });

  // Node's own `recursive` never returns from there.
  it.each(['/proc/x', '/proc/x/y'])(
    'comes to an end where the system lets nobody make anything: %s',
    (path) => {
      if (existsSync('/proc/self')) expect(faultOf(path)).toMatchObject({ code: 'FOLDER_UNWRITABLE' });
    },
  );
});
