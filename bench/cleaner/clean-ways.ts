import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { commandOf } from '../measure/build-tool.ts';
import { type Measured, measured } from '../measure/measured.ts';
import { runChild } from '../measure/run-child.ts';
import type { CleanGround } from './clean-ground.ts';

export interface Cleaned {
  /** Of the deletions alone: without the start, and without the plan. */
  readonly seconds: number;
  /** Of Orthanc. */
  readonly cpuSeconds: number;
  readonly peakBytes: number | undefined;
}

/** What one plain request names: as many as the cleaner names in one at most. */
const atOnce = 1000;

/**
 * `/tools/bulk-delete`, back to back, of the same instances; nothing is asked in between. It begins when the cleaner would, after what
 * is not measured there either: an Orthanc that was filled a moment ago deletes faster than one a quarter of a minute later,
 * whether that was asked anything in between or not.
 */
export async function deletePlainly(ground: CleanGround, signal: AbortSignal): Promise<Cleaned> {
  const { orthanc, due } = ground;
  for (let plans = 0; plans < 2; plans += 1) await runOnce(ground, signal, dryRun);
  const ids = due.flat();
  const spent = await measured([orthanc], async () => {
    for (let from = 0; from < ids.length; from += atOnce) {
      const body = JSON.stringify({ Resources: ids.slice(from, from + atOnce) });
      const answer = await fetch(`${orthanc.url}/tools/bulk-delete`, { method: 'POST', body, signal });
      if (!answer.ok) throw new Error(`Orthanc answered ${String(answer.status)}`);
      await answer.arrayBuffer();
    }
  });
  return { ...spent, peakBytes: undefined };
}

const dryRun = ['--dry-run', '--log-level=error'];

/** The cleaner as a user runs it, with everything that it looks at and records. */
export async function clean(
  ground: CleanGround,
  signal: AbortSignal,
  more: readonly string[],
): Promise<Cleaned> {
  const planned = await runOnce(ground, signal, [...more, ...dryRun]);
  const whole = await runOnce(ground, signal, [...more, '--log-level=error']);
  const less = (part: keyof Measured) => whole[part] - planned[part];
  return { seconds: less('seconds'), cpuSeconds: less('cpuSeconds'), peakBytes: whole.peakBytes };
}

/** The same without a dry run before; `isDeleting` resolves when the first deletion has been recorded. */
export function cleanOpenly(ground: CleanGround, signal: AbortSignal) {
  const ended = runOnce(ground, signal, ['--log-level=error']);
  const isDeleting = (async () => {
    let isOver = false;
    const over = () => (isOver = true);
    void ended.then(over, over);
    const hasBegun = async () =>
      (await readFile(join(ground.folder, 'trail.jsonl'), 'utf8').catch(() => '')).includes(
        '"studies.deleting"',
      );
    while (!isOver && !(await hasBegun())) await delay(50, undefined, { signal });
  })();
  return { isDeleting, ended };
}

async function runOnce({ orthanc, folder, due }: CleanGround, signal: AbortSignal, more: readonly string[]) {
  let peakBytes = 0;
  const spent = await measured([orthanc], async () => {
    const { exitCode, output, ...usage } = await runChild({
      command: [
        process.execPath,
        commandOf('cleaner'),
        ...['--url', orthanc.url, '--labels-file-path', join(folder, 'rules.json'), '--once'],
        ...['--ledger-path', join(folder, 'ledger.sqlite'), '--audit-trail', join(folder, 'trail.jsonl')],
        // A quarter of all is more than the fuse allows: here a person says so.
        ...['--max-studies', String(due.length), '--max-percent', '100', ...more],
      ],
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
      signal,
    });
    if (exitCode !== 0) throw new Error(`The cleaner ended with ${String(exitCode)}:\n${output}`);
    peakBytes = usage.peakBytes;
  });
  return { ...spent, peakBytes };
}
