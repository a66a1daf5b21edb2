import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { declareOptions, filePath } from '@orthanc-tools/tool-options';
import { findOlderOutputs, stillThere } from './older-outputs.ts';

const table = declareOptions({
  report: filePath({ describe: 'Result.', written: 'anew' }),
  page: filePath({ describe: 'Page.', written: 'anew' }),
  list: filePath({ describe: 'List.', written: 'anew' }),
  journal: filePath({ describe: 'Log.', written: 'in place' }),
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'older-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('tells which files a failed run has left as an earlier one wrote them', async () => {
  const at = (name: string) => join(folder, name);
  for (const name of ['report', 'page', 'journal']) await writeFile(at(name), 'All is proved.');
  const values = { report: at('report'), page: at('page'), list: at('list'), journal: at('journal') };
  const older = await findOlderOutputs(table, values);
  expect(older).toMatchObject([{ option: '--page (PAGE)', path: at('page') }]);
  expect(await stillThere(older)).toEqual(older);
  await utimes(at('page'), 1, 1);
  expect(await stillThere(older)).toEqual([]);
});
