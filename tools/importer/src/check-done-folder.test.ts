import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { checkDoneFolder } from './check-done-folder.ts';

let place: string;
let imported: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'done-'));
  imported = join(place, 'import');
  mkdirSync(imported);
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

it('makes the folder, and leaves nothing in it', async () => {
  const folder = join(place, 'a', 'b');
  await checkDoneFolder(folder, imported);
  expect(existsSync(folder)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
  await expect(checkDoneFolder(folder, imported)).resolves.toBeUndefined();
});

// In /proc, Node's own way of making several levels does not end.
it.each(['file/x', '/proc/nothing/x'])('refuses %s at once, where nothing can be made', async (name) => {
  writeFileSync(join(place, 'file'), '');
  const folder = name.startsWith('/') ? name : join(place, name);
  await expect(checkDoneFolder(folder, imported)).rejects.toMatchObject({
    code: 'DONE_FOLDER_UNWRITABLE',
    message: expect.stringContaining('--done-folder (DONE_FOLDER)'),
  });
});

it('refuses a folder in the one that is imported, also where links lead there, and makes none', async () => {
  const [link, lastlink] = [join(place, 'link'), join(place, 'done')];
  symlinkSync(imported, link);
  symlinkSync(join(link, 'there'), lastlink);
  mkdirSync(join(imported, 'there'));
  const refused = { kind: 'configuration', code: 'DONE_FOLDER_IMPORTED' };
  for (const [done, folder] of [
    [join(imported, 'done', 'of', 'us'), link],
    [join(link, 'done'), imported],
    [lastlink, imported],
    [imported, link],
  ] as const)
    await expect(checkDoneFolder(done, folder)).rejects.toMatchObject(refused);
  expect(readdirSync(imported)).toEqual(['there']);
  await checkDoneFolder(join(place, 'imported'), imported);
});
