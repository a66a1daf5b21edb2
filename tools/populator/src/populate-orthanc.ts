import type { GivenOptions } from '@orthanc-tools/tool-options';
import { type CallSurroundings, type RunOutcome, callTool } from '@orthanc-tools/tool-runtime';
import type { populatorOptions } from './options.ts';
import { populatorTool } from './populator.ts';

/** The options of the command line by their keys: `--image-width` is `imageWidth`; durations in ms. */
export type PopulateOptions = GivenOptions<typeof populatorOptions>;

export type PopulateResult = RunOutcome;

/** Fills an Orthanc, or a folder, from a script. The same options give the same bytes. */
export function populateOrthanc(
  options: PopulateOptions,
  surroundings?: CallSurroundings,
): Promise<PopulateResult> {
  return callTool(populatorTool, options, surroundings);
}
