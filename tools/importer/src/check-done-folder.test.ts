import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { checkDoneFolder } from './check-done-folder.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'done-'));
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

it('makes the folder, and leaves nothing in it', async () => {
  const folder = join(place, 'a', 'b');
  await checkDoneFolder(folder);
  expect(existsSync(folder)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
  await expect(checkDoneFolder(folder)).resolves.toBeUndefined();
});

// In /proc, Node's own way of making several levels does not end.
it.each(['file/x', '/proc/nothing/x'])('refuses %s at once, where nothing can be made', async (name) => {
  writeFileSync(join(place, 'file'), '');
  await expect(checkDoneFolder(name.startsWith('/') ? name : join(place, name))).rejects.toMatchObject({
    code: 'DONE_FOLDER_UNWRITABLE',
    message: expect.stringContaining('--done-folder (DONE_FOLDER)'),
  });
});
