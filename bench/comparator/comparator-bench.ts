import { benchTool } from '../measure/bench-tool.ts';
import type { BenchRequest } from '../measure/bench-tool.ts';
import type { Measured } from '../measure/measured.ts';
import { median } from '../measure/median.ts';
import { type Verdict, atMost, printVerdicts } from '../measure/verdict.ts';
import { type ComparisonGround, prepareComparisonGround } from './comparison-ground.ts';

const mostTimesOneQuery = 1.5;
/** Of two times the instances. */
const mostGrowthOfTime = 2.2;
const mostGrowthOfMemory = 1.25;

const usage = `Measures the comparator at level Instance between two real Orthancs that hold the same, in one run, against
  the limit   one image-level C-FIND of Orthanc that tells all of it

  npm run bench -- comparator [--rounds N] [--provider NAME] [--scale X]

  --rounds N   medians of N rounds; 1 if missing
  --provider   native, if missing; or containers
  --scale X    so many times 100,000 instances: --scale 0.1 to try the bench itself

Ends with 0 when every limit is kept, 1 otherwise.`;

export const benchComparator = benchTool({
  tool: 'comparator',
  usage,
  // One data set only: what is in the files does not matter.
  benchDataSet: (name, request) => (name === 'small' ? compareAll(request) : Promise.resolve([])),
});

interface Round {
  readonly query: Measured;
  readonly half: Awaited<ReturnType<ComparisonGround['compare']>>;
  readonly whole: Awaited<ReturnType<ComparisonGround['compare']>>;
}

async function compareAll(request: BenchRequest): Promise<Verdict[]> {
  await using ground = await prepareComparisonGround(request);
  const rounds: Round[] = [];
  for (let round = 0; round < request.rounds; round += 1) {
    const query = await ground.findAll();
    const half = await ground.compare('half');
    rounds.push({ query, half, whole: await ground.compare('whole') });
  }
  print(ground, rounds);
  const verdicts = judge(ground, rounds);
  printVerdicts(verdicts);
  return verdicts;
}

function judge({ instances }: ComparisonGround, rounds: readonly Round[]): Verdict[] {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick));
  const ratio = (part: 'query' | 'half') => ({
    measured: of(({ whole, ...round }) => whole.seconds / round[part].seconds),
    byCpu: of(({ whole, ...round }) => whole.cpuSeconds / round[part].cpuSeconds),
  });
  const twice = instances.whole / instances.half;
  return [
    atMost(mostTimesOneQuery, { promise: 'time of one C-FIND that tells all', ...ratio('query') }),
    atMost(mostGrowthOfTime, {
      promise: `time of ${twice.toFixed(1)} times the instances`,
      ...ratio('half'),
    }),
    atMost(mostGrowthOfMemory, {
      promise: `peak memory with ${twice.toFixed(1)} times the instances`,
      measured: of(({ whole, half }) => whole.peakBytes / half.peakBytes),
    }),
  ];
}

function print({ instances }: ComparisonGround, rounds: readonly Round[]): void {
  for (const { query, half, whole } of rounds) {
    const line = (name: string, count: number, { seconds, cpuSeconds }: Measured) =>
      `${name.padEnd(22)} ${count.toLocaleString('en').padStart(8)} instances  ${seconds.toFixed(2)} s  ${((cpuSeconds * 1000) / count).toFixed(3)} ms CPU each`;
    console.log(line('one C-FIND', instances.whole, query));
    console.log(`${line('comparator', instances.half, half)}  peak ${megabytes(half.peakBytes)}`);
    console.log(`${line('comparator', instances.whole, whole)}  peak ${megabytes(whole.peakBytes)}`);
  }
}

const megabytes = (bytes: number): string => `${String(Math.round(bytes / 1e6))} MB`;
