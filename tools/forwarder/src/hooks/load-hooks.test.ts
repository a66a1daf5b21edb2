import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultOfHooks, loadHooks, placeOfHooks } from './load-hooks.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hooks-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function load(name: string, source: string) {
  const path = join(folder, name);
  await writeFile(path, source);
  return loadHooks({ path, givenBy: '--hooks (HOOKS)' });
}

describe('a module with hooks', () => {
  it('exports them, or an object of them', async () => {
    const plain = await load('plain.mjs', 'export const filterStudy = () => true; export const mine = 1;');
    expect(await plain.filterStudy?.({ destination: '', id: '', instances: 1, series: [] })).toBe(true);
    const whole = await load('whole.mjs', 'export default { async filterStudy() { return false; } };');
    expect(await whole.filterStudy?.({ destination: '', id: '', instances: 1, series: [] })).toBe(false);
  });

  it.each([
    ['empty.mjs', '', 'holds none of the hooks filterStudy'],
    ['no-function.mjs', 'export const onError = 1;', 'gives a onError that is no function'],
    ['syntax.mjs', 'export const = 1;', 'cannot be loaded: SyntaxError'],
    ['throws.mjs', 'throw new Error("no database");', 'cannot be loaded: Error: no database'],
    ['imports.mjs', 'import "./none.mjs";', 'cannot be loaded: '],
  ])('is refused at the start: %s', async (name, source, why) => {
    const failure = await load(name, source).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'configuration', code: 'HOOKS_UNUSABLE' });
    expect(String(failure)).toContain(`--hooks (HOOKS): the module "${join(folder, name)}" ${why}`);
  });

  it('that is not there is refused by whatever names it', async () => {
    const place = placeOfHooks(undefined, '/none.mjs');
    expect(place?.givenBy).toBe('--destinations-file (DESTINATIONS_FILE), hooks');
    await expect(loadHooks({ path: '/none.mjs', givenBy: 'x' })).rejects.toThrow(
      '"/none.mjs" cannot be loaded',
    );
  });

  it('of the command line wins', () => {
    expect(placeOfHooks('a.mjs', 'b.mjs')?.path).toBe('a.mjs');
    expect(placeOfHooks(undefined, undefined)).toBeUndefined();
  });

  it('may also be given as an object', () => {
    expect(faultOfHooks({ filterInstance: () => true })).toBeUndefined();
  });
});
