import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Block } from './find-blocks.ts';
import { readPages, repository } from './read-pages.ts';

/**
 * The blocks of a page that name this test (`import.meta.url`) as the one that tries them, in their order: what it tries is
 * what stands there.
 */
export async function blocksTriedBy(test: string, page: string): Promise<readonly [Block, ...Block[]]> {
  const path = relative(repository, fileURLToPath(test));
  const [first, ...others] = ((await readPages()).get(page) ?? []).filter(
    ({ treatment }) => treatment.is === 'tried by' && treatment.test === path,
  );
  if (first === undefined) throw new Error(`No block of ${page} is tried by ${path}.`);
  return [first, ...others];
}
