import type { WeeklySchedule } from '@orthanc-tools/scheduling';
import type { RunContext } from '@orthanc-tools/tool-runtime';

/** Ends when work may be done, and tells of the pause. What is in hand was finished before. */
export function waitForHours(
  schedule: WeeklySchedule,
  { clock, signal, health }: RunContext,
): () => Promise<void> {
  return async () => {
    const now = clock.now();
    if (schedule.isOpen(now)) return;
    const opensAt = schedule.nextOpening(now)?.toISOString();
    health.listeners.onEvent('tool.paused', {
      reason: 'schedule',
      ...(opensAt !== undefined && { opensAt }),
    });
    health.listeners.onTurn(Infinity);
    await schedule.untilOpen(clock, signal);
    health.listeners.onEvent('tool.resumed', { reason: 'schedule' });
  };
}
