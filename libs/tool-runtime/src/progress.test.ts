import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Logger } from '@orthanc-tools/telemetry';
import { describeProgress, progressOnTerminal } from './progress-line.ts';
import { progressInLog } from './progress-log.ts';
import type { ProgressState } from './progress.ts';

const state = (doneParts: number): ProgressState => ({
  doneItems: 1,
  totalItems: 10,
  doneParts,
  totalParts: 4000,
  doneBytes: doneParts * 1000,
  totalBytes: 4_000_000,
  setAside: 2,
});

function steppedClock() {
  const time = { ms: 0 };
  return { time, clock: { now: () => new Date(time.ms), sleep: () => Promise.resolve() } };
}

describe('progress in a log', () => {
  function scene() {
    const lines: [string, unknown][] = [];
    const log: Logger = {
      debug: () => undefined,
      info: (event, facts) => lines.push([event, facts]),
      warn: () => undefined,
      error: () => undefined,
      child: () => log,
    };
    const { time, clock } = steppedClock();
    const progress = progressInLog(log, clock);
    const at = (seconds: number, doneParts: number) => {
      time.ms = seconds * 1000;
      progress.update(state(doneParts));
    };
    return { lines, progress, at };
  }

  it('comes every 30 s at most', () => {
    const { lines, at } = scene();
    for (let second = 0; second <= 65; second += 1) at(second, second * 10);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toEqual([
      'run.progress',
      { ...state(300), partsPerSecond: 10, bytesPerSecond: 10_000, leftSeconds: 370 },
    ]);
  });

  it('is silent while nothing changes, and after the end', () => {
    const { lines, progress, at } = scene();
    at(0, 5);
    at(31, 5);
    at(62, 5);
    expect(lines).toHaveLength(1);
    progress.stop();
    at(100, 10);
    expect(lines).toHaveLength(1);
  });

  it('says what the tool waits for', () => {
    const { lines, progress, at } = scene();
    progress.note('waiting for the night');
    at(31, 1);
    expect(lines[0]?.[1]).toMatchObject({ note: 'waiting for the night' });
  });
});

describe('progress on a terminal', () => {
  async function scene() {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
    let shown = '';
    stream.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    const { time, clock } = steppedClock();
    return { progress: await progressOnTerminal(stream, clock), stream, time, shown: () => shown };
  }

  it('shows share, parts, rates, time left and what was set aside', async () => {
    const { progress, time, shown } = await scene();
    progress.update(state(0));
    time.ms = 1000;
    progress.update(state(1000));
    progress.stop();
    expect(shown()).toContain('  0 %  0/4,000');
    expect(describeProgress(state(1000), { partsPerSecond: 1000, bytesPerSecond: 1e6, leftMs: 3000 })).toBe(
      '1,000/4,000  1,000/s  1.0 MB/s  3s left  2 set aside',
    );
  });

  it('steps aside for a line of the log, and removes itself from where it is then', async () => {
    const { progress, stream, shown } = await scene();
    progress.update(state(1));
    progress.aside(() => stream.write('a line\n'));
    progress.stop();
    expect(shown()).toContain('\r\u001b[Ka line\n\u001b7');
  });

  it('shows nothing after its end, and nothing at all when there was nothing', async () => {
    const { progress, shown } = await scene();
    progress.stop();
    progress.update(state(1));
    expect(shown()).toBe('');
  });
});
