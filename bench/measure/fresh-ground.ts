import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { spreadFolders } from '@orthanc-tools/orthanc-testbed';

/**
 * Each contender makes its files where none were removed a moment ago, by whatever ran before it: see `spreadFolders`. Without
 * it the same upload took up to half as long again after another one as after a rest.
 */
export async function onFreshGround<T>(work: () => Promise<T>): Promise<T> {
  const ground = await mkdtemp(join(tmpdir(), 'bench-ground-'));
  spreadFolders(ground);
  process.env['TMPDIR'] = ground;
  try {
    return await work();
  } finally {
    await rm(ground, { recursive: true, force: true });
  }
}
