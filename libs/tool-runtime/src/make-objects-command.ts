// Makes objects of which many survive for a while, lets V8 make its young generation small, makes objects again, and says
// how large the young generation (MB) has become in each, as V8 makes it larger and smaller all the time, and how much (MB)
// there ever was in the old one.
import process from 'node:process';
import v8 from 'node:v8';
import { boundHeap } from './bound-heap.ts';

const rounds = 2000;
const perRound = 1000;
const alive = 60_000;

let oldest = 0;

if (process.argv.includes('bounded')) boundHeap();

/** The observer of collections is only called between turns of the event loop. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function makeObjects(): Promise<number> {
  let kept: object[] = [];
  let largest = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (let index = 0; index < perRound; index += 1)
      kept.push({ index, list: [index, round], name: `o${String(index)}` });
    if (kept.length > alive) kept = kept.slice(alive / 2);
    oldest = Math.max(oldest, megabytes('old_space').used);
    largest = Math.max(largest, youngMegabytes());
    await turn();
  }
  return largest;
}

const youngMegabytes = (): number => megabytes('new_space').size;

function megabytes(space: string): { size: number; used: number } {
  const found = v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === space);
  return { size: (found?.space_size ?? 0) / 2 ** 20, used: (found?.space_used_size ?? 0) / 2 ** 20 };
}

async function shrink(): Promise<number> {
  // The command line gives it: "--expose-gc".
  for (let time = 0; time < 8; time += 1) {
    await globalThis.gc?.({ type: 'major', execution: 'async', flavor: 'last-resort' });
    await turn();
  }
  return youngMegabytes();
}

const [busy, quiet, busyAgain] = [await makeObjects(), await shrink(), await makeObjects()];
process.stdout.write(JSON.stringify({ busy, quiet, busyAgain, oldest }));
