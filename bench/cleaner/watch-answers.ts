import { setTimeout as delay } from 'node:timers/promises';
import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';

/** What a person who looks at images asks for: a page of studies, and one study. */
const questions = ['/studies?since=0&limit=20&expand', '/system', '/statistics'] as const;
const everyMs = 25;

/** Asks again and again while the work is done. @returns the time, in ms, within which 95 of 100 answers came */
export async function answersWhile(orthanc: RunningOrthanc, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  let isOver = false;
  const asking = (async () => {
    for (let turn = 0; !isOver; turn += 1) {
      const startedAt = performance.now();
      const path = questions[turn % questions.length] ?? '/system';
      await (await fetch(orthanc.url + path)).arrayBuffer();
      times.push(performance.now() - startedAt);
      await delay(everyMs);
    }
  })();
  try {
    await work();
  } finally {
    isOver = true;
    await asking;
  }
  return percentile(times, 0.95);
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
