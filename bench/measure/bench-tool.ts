import { type Testbed, openTestbed } from '@orthanc-tools/orthanc-testbed';
import { type BenchOptions, readBenchOptions } from './bench-options.ts';
import { buildTool } from './build-tool.ts';
import type { DataSetName } from './data-set.ts';
import { describeLoad, describeMachine } from './describe-machine.ts';
import { type Verdict, isKept } from './verdict.ts';

export interface BenchRequest extends BenchOptions {
  readonly testbed: Testbed;
  readonly signal: AbortSignal;
}

export interface ToolBench {
  readonly tool: string;
  readonly usage: string;
  /** What needs no data set, before the others. */
  readonly beforehand?: (request: BenchRequest) => Promise<Verdict[]>;
  readonly benchDataSet: (name: DataSetName, request: BenchRequest) => Promise<Verdict[]>;
}

/** A bench of one tool as a command: builds the tool, says what it runs on, and counts the limits that were kept. */
export const benchTool =
  ({ tool, usage, beforehand, benchDataSet }: ToolBench) =>
  /** @returns the exit code */
  async (args: readonly string[], signal: AbortSignal): Promise<number> => {
    const options = readBenchOptions(args);
    if (options === undefined) {
      console.log(usage);
      return 0;
    }
    await buildTool(tool, signal);
    const testbed = await openTestbed({ provider: options.provider });
    console.log(
      `Machine: ${describeMachine()}\nOrthanc: ${testbed.describe()}\nLoad before: ${describeLoad()}`,
    );
    await testbed.prepare();
    const request = { ...options, testbed, signal };
    const verdicts = (await beforehand?.(request)) ?? [];
    for (const name of options.names) verdicts.push(...(await benchDataSet(name, request)));
    console.log(`\nLoad after (this bench included): ${describeLoad()}`);
    const failed = verdicts.filter((verdict) => !isKept(verdict)).length;
    console.log(`${String(verdicts.length - failed)} limits kept, ${String(failed)} not`);
    return failed === 0 ? 0 : 1;
  };
