import process from 'node:process';
import { boundHeap } from './bound-heap.ts';
import { runTool } from './run-tool.ts';
import type { Tool } from './tool.ts';

/** Runs a tool as all that this process does: by its arguments, to its exit code. */
export async function runProcess(tool: Tool): Promise<void> {
  boundHeap();
  process.exitCode = await runTool(tool);
}
