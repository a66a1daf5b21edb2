import { type DataSetName, dataSet } from '../measure/data-set.ts';
import { type BenchRequest, benchTool } from '../measure/bench-tool.ts';
import { printUploads } from '../measure/print-uploads.ts';
import { bestOf, compareUploads, peakOf, shareOfLimit } from '../measure/upload-results.ts';
import { type Verdict, atMost, printVerdicts } from '../measure/verdict.ts';
import { contendersFor } from './contender.ts';
import { measureGenerator } from './measure-generator.ts';
import { preparePopulateGround } from './populate-ground.ts';

const leastShareOfLimit = 0.9;
const mostMegabytes = 250;
/** So many times the usual data sets: the command needs a quarter of a second to start, which is not to be measured. */
const times: Record<DataSetName, number> = { small: 2, large: 4 };

const usage = `Measures the populator: its generator alone, and with a real Orthanc, in one run, against
  the limit   the same bytes, made beforehand, uploaded in each of the best ways found: POST, STOW-RS, ZIP

  npm run bench -- populator [--rounds N] [--data small|large] [--provider NAME] [--scale X]

  --rounds N   medians of N rounds; 1 if missing
  --data NAME  one of the two data sets; both if missing
  --provider   native, if missing; or containers
  --scale X    so many times the studies, to try the bench itself: --scale 0.1

Ends with 0 when every limit is kept, 1 otherwise.`;

export const benchPopulator = benchTool({
  tool: 'populator',
  usage,
  beforehand: async (request) => {
    const verdicts = await measureGenerator(request);
    printVerdicts(verdicts);
    return verdicts;
  },
  benchDataSet,
});

async function benchDataSet(
  name: DataSetName,
  { scale, rounds, ...request }: BenchRequest,
): Promise<Verdict[]> {
  const ground = preparePopulateGround(dataSet(name, scale * times[name]), request);
  const megabytes = (ground.bytes / 1e6).toFixed(0);
  console.log(`\n${name}: ${ground.expected.size.toLocaleString('en')} instances, ${megabytes} MB`);
  const results = await compareUploads(contendersFor(name), ground, rounds);
  printUploads(results);
  const populator = bestOf(results, 'populator');
  const verdicts = [
    shareOfLimit(populator, bestOf(results, 'limit'), leastShareOfLimit),
    atMost(mostMegabytes, { promise: 'peak memory of the populator, MB', measured: peakOf(populator) }),
  ];
  printVerdicts(verdicts);
  return verdicts;
}
