import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

export interface OldNode {
  readonly path: string;
  readonly version: string;
}

/** A Node in the path that is too old for the tools. */
export function findOldNode(): OldNode | undefined {
  for (const folder of new Set((process.env['PATH'] ?? '').split(delimiter))) {
    const path = join(folder, 'node');
    const version = spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout?.trim();
    const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
    if (major > 0 && (major < 22 || (major === 22 && minor < 13))) return { path, version: version ?? '' };
  }
  return undefined;
}
