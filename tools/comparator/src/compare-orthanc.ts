import type { GivenOptions } from '@orthanc-tools/tool-options';
import { type CallSurroundings, type RunOutcome, callTool } from '@orthanc-tools/tool-runtime';
import { comparatorTool } from './comparator.ts';
import type { comparatorOptions } from './options.ts';

/** The options of the command line by their keys: `--from-study-date` is `fromStudyDate`; durations in ms. */
export type CompareOptions = GivenOptions<typeof comparatorOptions>;

export type CompareResult = RunOutcome;

/** Compares an Orthanc with a modality, or with another Orthanc, from a script; exit code 4 says that they differ. */
export function compareOrthanc(
  options: CompareOptions,
  surroundings?: CallSurroundings,
): Promise<CompareResult> {
  return callTool(comparatorTool, options, surroundings);
}
