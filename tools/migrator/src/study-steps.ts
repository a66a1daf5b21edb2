import type { Logger } from '@orthanc-tools/telemetry';

/**
 * The way of a study, step by step; told at the level `debug` right before each begins. A process may die at any of them:
 * what is durable by then must be enough to go on.
 */
export const studySteps = [
  'list at the source',
  'look before fetching',
  'order the transfer',
  /** Orthanc has begun a job, and its identifier is noted. */
  'follow the transfer',
  'look after fetching',
  'look before sending',
  /** What the destination lacked is noted. */
  'send',
  'look after sending',
  'delete',
  'answer',
] as const;

export type StudyStep = (typeof studySteps)[number];

export function tellStep(log: Logger, step: StudyStep, facts: Readonly<Record<string, unknown>> = {}): void {
  log.debug('study.step', { step, ...facts });
}
