export type { Achievement, Hand, Refusal } from './hand.ts';
export type { LoopEvent, LoopOutcome, LoopSettings, WorkLoop } from './loop-settings.ts';
export { runWorkLoop } from './work-loop.ts';
