export type { Achievement, Hand, Rescheduled, SoFar } from './hand.ts';
export type { LoopEvent, LoopOutcome, LoopSettings, WorkLoop } from './loop-settings.ts';
export { runWorkLoop } from './work-loop.ts';
