import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, rmdirSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk extends Disposable {
  readonly folder: string;
  /** Leaves no block of it free. */
  fill(): void;
  /** Takes away what filled it. */
  makeRoom(): void;
}

/** A file system of its own in memory; undefined where this process may not mount one. */
export function mountSmallDisk(kilobytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(kilobytes)}k`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
  } catch {
    rmdirSync(folder);
    return undefined;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill() {
      writeUntilFull(filler);
    },
    makeRoom() {
      if (existsSync(filler)) rmSync(filler);
    },
    [Symbol.dispose]() {
      execFileSync('umount', [folder]);
      rmdirSync(folder);
    },
  };
}

/** Until it says so: others may write there meanwhile, so what is free now says nothing of then. */
function writeUntilFull(path: string): void {
  const block = new Uint8Array(64 * 1024);
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

/** Asked once, before the tests are declared. */
export function canMount(): boolean {
  using disk = mountSmallDisk(64);
  return disk !== undefined;
}
