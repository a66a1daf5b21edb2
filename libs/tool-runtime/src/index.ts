export { callTool } from './call-tool.ts';
export type { CallSurroundings } from './call-tool.ts';
export type { Health, LoopListeners } from './health.ts';
export type { Progress, ProgressState } from './progress.ts';
export { runTool } from './run-tool.ts';
export { runtimeOptions } from './runtime-options.ts';
export type { Surroundings } from './surroundings.ts';
export type { DoctorFinding, RunContext, RunOutcome, RuntimeTable, Tool } from './tool.ts';
export type { SetAsideRow, WorkTally, WorkView } from './work-view.ts';
