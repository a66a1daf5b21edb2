import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { randomNumbers } from '../command/random-moments.ts';
import type { Expected, ExpectedLine } from './golden-folder.ts';
import type { ImportScene } from './import-scene.ts';

/** The kills come at random moments between these (ms after the start). */
export interface Moments {
  readonly seed: number;
  readonly least: number;
  readonly most: number;
}

const kills = 10;

/** What is promised of the golden folder, whatever its size. */
export function goldenPromises(scene: ImportScene) {
  async function expectAll(told: (line: ExpectedLine) => ExpectedLine): Promise<void> {
    const normal = (lines: Expected) =>
      [...lines].map(([path, line]) => [path, told(line)] as const).sort(byPath);
    expect(normal(await scene.manifest())).toEqual(normal(scene.expected));
    const held = [...(await scene.held())].map(([id, { md5, bytes }]) => [id, md5, bytes]).sort();
    const good = [...scene.expected.values()].filter(({ status }) => status === 'stored');
    expect(held).toEqual(good.map(({ id, md5, size }) => [id, md5, size]).sort());
  }
  async function finish() {
    const { exitCode, stderr, peakMemory = NaN, seconds } = await scene.start().ended;
    expect([exitCode, stderr]).toEqual([3, '']);
    return { peakMegabytes: peakMemory / 1e6, seconds };
  }
  return {
    async importAtOnce() {
      const measured = await finish();
      await expectAll((line) => line);
      return measured;
    },
    async importKilled({ seed, least, most }: Moments): Promise<void> {
      const random = randomNumbers(seed);
      for (let kill = 0; kill < kills; kill += 1) {
        await using run = scene.start();
        // Not a sleep for something to happen: the random moment is what is tried.
        await Promise.race([delay(least + random.next().value * (most - least)), run.ended]);
        run.kill('SIGKILL');
        expect((await run.ended).signal).toBe('SIGKILL');
      }
      await scene.proxy.clear();
      await finish();
      await expectAll(settledLine);
    },
  };
}

/** What was sent just before a kill is found to be there afterwards: both are proved in the same way. */
const settledLine = (line: ExpectedLine): ExpectedLine =>
  line.status === 'already-there' ? { ...line, status: 'stored' } : line;

const byPath = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : one > other ? 1 : 0;
