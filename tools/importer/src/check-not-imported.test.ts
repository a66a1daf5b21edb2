import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { checkNotImported } from './check-not-imported.ts';

let place: string;
let folder: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'outputs-'));
  folder = join(place, 'import');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.dcm'), Buffer.concat([Buffer.alloc(128), Buffer.from('DICM\x02\0\0\0UL')]));
  writeFileSync(join(folder, 'b.pdf'), '%PDF-1.4');
  writeFileSync(join(folder, 'report.json'), '{}\n');
  symlinkSync(join(folder, 'a.dcm'), join(place, 'link'));
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

it.each(['import/a.dcm', 'import/b.pdf', 'link', 'import/../import/a.dcm'])(
  'refuses to write over %s, which is to be imported',
  async (name) => {
    await expect(checkNotImported('manifest', `${place}/${name}`, folder)).rejects.toMatchObject({
      code: 'OUTPUT_MISPLACED',
      message: expect.stringMatching(/^--manifest \(MANIFEST\): .* --folder-path \(FOLDER_PATH\)/),
    });
  },
);

it.each(['import/report.json', 'import/new.json', 'elsewhere.json'])('lets be written: %s', async (name) => {
  await expect(checkNotImported('report', join(place, name), folder)).resolves.toBeUndefined();
});
