// Makes objects of which many survive for a while, and says how large V8's young generation has become.
import process from 'node:process';
import v8 from 'node:v8';
import { boundYoungGeneration } from './bound-young-generation.ts';

const rounds = 3000;
const perRound = 1000;
const alive = 60_000;

if (process.argv.includes('bounded')) boundYoungGeneration();

let kept: object[] = [];
for (let round = 0; round < rounds; round += 1) {
  for (let index = 0; index < perRound; index += 1)
    kept.push({ index, list: [index, round], name: `o${index}` });
  if (kept.length > alive) kept = kept.slice(alive / 2);
  // The observer of collections is only called between turns of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
}
const young = v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
process.stdout.write(String(young?.space_size));
