import { readFile } from 'node:fs/promises';

export interface MemoryGrowth {
  readonly samples: number;
  /** In bytes: the mean, and by how much a line through the samples rises from the first of them to the last. */
  readonly rss: { readonly mean: number; readonly growth: number };
  readonly heap: { readonly mean: number; readonly growth: number };
}

function trend(values: readonly number[]): { mean: number; growth: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = (values.length - 1) / 2;
  const slope =
    values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0) /
    values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return { mean, growth: slope * (values.length - 1) };
}

/** What `memory-log.mjs` has written, without the first quarter, in which a process finds its size. */
export async function memoryGrowth(path: string): Promise<MemoryGrowth> {
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  const settled = lines.slice(Math.ceil(lines.length / 4)).map((line) => line.split(' ').map(Number));
  return {
    samples: settled.length,
    rss: trend(settled.map(([rss = NaN]) => rss)),
    heap: trend(settled.map(([, heap = NaN]) => heap)),
  };
}
