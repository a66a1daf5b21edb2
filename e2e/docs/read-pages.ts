import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Block, findBlocks } from './find-blocks.ts';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** What people read who use the tools, or work on them. */
const pages = [
  '*.md',
  'docs/**/*.md',
  '{orthanc-tools,testbed,tools/*}/README.md',
  'bench/*.md',
  'docker/**/*.md',
];

/** By page, in order; pages without a block are left out. */
export async function readPages(): Promise<Map<string, readonly Block[]>> {
  const found = new Map<string, readonly Block[]>();
  for (const pattern of pages)
    for await (const page of glob(pattern, { cwd: repository })) {
      const blocks = findBlocks(page, await readFile(join(repository, page), 'utf8'));
      if (blocks.length > 0) found.set(page, blocks);
    }
  return new Map([...found].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
