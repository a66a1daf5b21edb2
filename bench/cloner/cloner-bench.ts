import { openTestbed } from '@orthanc-tools/orthanc-testbed';
import { describeLoad, describeMachine } from '../measure/describe-machine.ts';
import { buildCloner } from './build-cloner.ts';
import { compareCopies, measureLong } from './compare-copies.ts';
import type { CompareRequest } from './compare-copies.ts';
import type { DataSetName } from './data-set.ts';
import { remarks, judgeGrowth, judgeResults, peakOf } from './judge-results.ts';
import type { Result, Verdict } from './judge-results.ts';
import { benchUsage, readBenchOptions } from './bench-options.ts';
import type { BenchOptions } from './bench-options.ts';
import { printResults, printVerdicts, warnOfOthers } from './print-results.ts';

/** @returns the exit code */
export async function benchCloner(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = readBenchOptions(args);
  if (options === undefined) {
    console.log(benchUsage);
    return 0;
  }
  await buildCloner(signal);
  const testbed = await openTestbed({ provider: options.provider });
  console.log(
    `Machine: ${describeMachine()}\nOrthanc: ${testbed.describe()}\nLoad before: ${describeLoad()}`,
  );
  await testbed.prepare();
  const verdicts: Verdict[] = [];
  for (const name of options.names)
    verdicts.push(...(await benchDataSet(name, { ...options, testbed, signal })));
  console.log(`\nLoad after (this bench included): ${describeLoad()}`);
  const failed = verdicts.filter(({ passed }) => !passed).length;
  console.log(`${String(verdicts.length - failed)} limits kept, ${String(failed)} not`);
  return failed === 0 ? 0 : 1;
}

async function benchDataSet(name: DataSetName, request: CompareRequest & BenchOptions): Promise<Verdict[]> {
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
