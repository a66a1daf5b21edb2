import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDestinationsFile } from '../destinations-file/read-destinations-file.ts';
import { readOrder } from '../processing/read-order.ts';
import { loadHooks } from './load-hooks.ts';

let folder: string;
let readme: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'example-'));
  readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true }));

/** The first of its kind in a section of the README. */
function example(section: string, language: string): string {
  const text = readme.split(`## ${section}\n`)[1] ?? '';
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';
}

describe('the worked example in the README', () => {
  it('of changes on the way is read as it stands there', async () => {
    await writeFile(join(folder, 'key'), 'a secret of some length');
    const path = join(folder, 'destinations.yml');
    await writeFile(path, example('Changes on the way', 'yaml').replace('/run/secrets/pseudonyms', 'key'));
    const { destinations, profiles } = readDestinationsFile(path, undefined);
    const orders = destinations.map(({ profile = '', transcode }) =>
      readOrder(profiles.get(profile), transcode),
    );
    expect(orders).toMatchObject([
      { route: 'modify', identifiers: 'keep', transcode: '1.2.840.10008.1.2.4.90' },
      { route: 'anonymize', identifiers: 'new', keep: ['StudyDescription', 'SeriesDescription'] },
    ]);
  });

  it('of functions is a module that is taken', async () => {
    const path = join(folder, 'hooks.mjs');
    await writeFile(path, example('Functions of your own', 'js'));
    const hooks = await loadHooks({ path, givenBy: '--hooks (HOOKS)' });
    const instance = { id: 'i', seriesId: 's', studyId: 't', size: 1 };
    const tags = { ImageType: 'ORIGINAL\\PRIMARY\\LOCALIZER' };
    const wants = (destination: string) => hooks.filterInstance?.({ ...instance, destination, tags });
    expect([wants('archive'), wants('research')]).toEqual([true, false]);
    expect(await hooks.processInstance?.({ ...instance, destination: 'archive', tags })).toBeUndefined();
  });
});
