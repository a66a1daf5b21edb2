import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { State } from './item.ts';

/** A run that has ended, as later ones remember it. */
export interface PastRun {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly from: string;
  readonly to: string;
  readonly studies: number;
  readonly items: Readonly<Record<State, number>>;
  readonly repaired: number;
}

const longestMemory = 1000;

/** The runs before, the oldest first. A line that a full disk has cut is passed over. */
export function readHistory(folder: string): readonly PastRun[] {
  const path = join(folder, 'history.jsonl');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .slice(-longestMemory - 1);
  return lines.flatMap((line) => {
    try {
      // Written by this tool, line by line.
      return [JSON.parse(line) as PastRun];
    } catch {
      return [];
    }
  });
}

export function remember(folder: string, run: PastRun): void {
  appendFileSync(join(folder, 'history.jsonl'), `${JSON.stringify(run)}\n`, { flush: true });
}
