export { type Budget, openBudget } from './budget.ts';
export type { Achievement, Hand, Rescheduled, SoFar } from './hand.ts';
export type { LoopEvent, LoopOutcome, LoopSettings, WorkLoop } from './loop-settings.ts';
export { triedAgainWithinMs } from './loop-state.ts';
export { runPause } from './run-pause.ts';
export { runWorkLoop } from './work-loop.ts';
