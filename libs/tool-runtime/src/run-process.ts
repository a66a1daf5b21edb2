import process from 'node:process';
import { boundYoungGeneration } from './bound-young-generation.ts';
import { runTool } from './run-tool.ts';
import type { Tool } from './tool.ts';

/** Runs a tool as all that this process does: by its arguments, to its exit code. */
export async function runProcess(tool: Tool): Promise<void> {
  boundYoungGeneration();
  process.exitCode = await runTool(tool);
}
