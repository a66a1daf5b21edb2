import { type BenchRequest, benchTool } from '../measure/bench-tool.ts';
import { compareCopies, measureLong } from './compare-copies.ts';
import type { DataSetName } from '../measure/data-set.ts';
import { type Verdict, printVerdicts } from '../measure/verdict.ts';
import { remarks, judgeGrowth, judgeResults, peakOf } from './judge-results.ts';
import type { Result } from './judge-results.ts';
import { measureVerify } from './measure-verify.ts';
import { printResults, warnOfOthers } from './print-results.ts';

const usage = `Measures the cloner on two real Orthancs, in one run, against
  the limit   the same bytes, read beforehand, uploaded in the best way found
  naive       one GET and one POST per instance, with Node's fetch; and, for comparison, with the leanest client
and the cloner and the naive way again with 50 ms, small instances also with 200 ms, between them and each server.

  npm run bench -- cloner [--rounds N] [--data small|large] [--long] [--verify] [--provider NAME] [--scale X]

  --rounds N   medians of N rounds; 1 if missing
  --data NAME  one of the two data sets; both if missing
  --long       also ten times the instances, to see that memory does not grow (large: 10 GB of disk)
  --verify     also the command verify, over two archives of 100,000 instances
  --provider   native, if missing: an engine puts a proxy of its own before its containers; or containers
  --scale X    so many times the studies, to try the bench itself: --scale 0.1

Ends with 0 when every limit is kept, 1 otherwise.`;

export const benchCloner = benchTool({
  tool: 'cloner',
  usage,
  beforehand: async (request) => {
    if (!request.verify) return [];
    const verdicts = await measureVerify(request);
    printVerdicts(verdicts);
    return verdicts;
  },
  benchDataSet,
});

async function benchDataSet(name: DataSetName, request: BenchRequest): Promise<Verdict[]> {
  const results = await compareCopies(name, request);
  const long = request.long ? await measureLong(name, request) : undefined;
  printResults([
    ...results,
    ...(long === undefined ? [] : [withName(long, 'cloner, ten times the instances')]),
  ]);
  const verdicts = judgeResults(name, results);
  const usual = results.find(({ contender }) => contender.role === 'cloner');
  if (long !== undefined && usual !== undefined) verdicts.push(...judgeGrowth(peakOf(usual), peakOf(long)));
  warnOfOthers(results);
  printVerdicts(verdicts);
  console.log(remarks(results));
  return verdicts;
}

const withName = ({ contender, rounds }: Result, name: string): Result => ({
  contender: { ...contender, name },
  rounds,
});
