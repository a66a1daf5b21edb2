import { suspecting } from '@orthanc-tools/orthanc-client';
import { type Hand, type LoopSettings, type WorkLoop, runWorkLoop } from '@orthanc-tools/work-loop';
import type { ForwardRequest } from './forward-everything.ts';
import type { Hooks } from './hooks/use-hooks.ts';
import { tellFailures } from './tell-failures.ts';

/** Orthanc's ConcurrentJobs, unless told otherwise. */
export const jobsAtOnce = 2;

/** While the jobs run, others are looked at and looked for. */
export const handsAtFirst = 2 * jobsAtOnce;

type StageSettings = Pick<LoopSettings, 'ledger' | 'batchSize' | 'perform' | 'untilDone'> &
  Partial<Pick<LoopSettings, 'onEvent' | 'holdsBackUntil' | 'spreadOver'>>;

interface Stage {
  /** As log lines name it. */
  readonly stage: string;
  readonly hooks?: Hooks | undefined;
}

export function startLoop(
  { stage, hooks }: Stage,
  request: ForwardRequest,
  { perform, ...settings }: StageSettings,
): WorkLoop {
  const { clock, signal, schedule, ceiling, maxAttempts, health, log, suspects } = request;
  return runWorkLoop({
    clock,
    signal,
    schedule,
    concurrency: { ceiling, start: Math.min(handsAtFirst, ceiling) },
    maxAttempts,
    onEvent: (event, facts) => {
      health.listeners.onEvent(event, { ...facts, stage });
    },
    onTurn: health.listeners.onTurn,
    perform: (claims, hand) => {
      const work = (watched: Hand) => suspecting(suspects, () => perform(claims, watched));
      return tellFailures(claims, hand, { stage, log, hooks, work });
    },
    ...settings,
  });
}
