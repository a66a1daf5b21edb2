import type { RunContext } from '@orthanc-tools/tool-runtime';
import { nextExecution, parseExecutionDays, parseExecutionTime } from './execution-times.ts';
import type { ComparatorOptions } from './open-sides.ts';
import { timeZoneOf } from './time-zone-of.ts';

/** When to compare, again and again until the run is to stop. */
export async function* executionsOf(options: ComparatorOptions, context: RunContext): AsyncGenerator<Date> {
  const { executionDay = '', executionTime = '' } = options;
  const { clock, signal, log, progress } = context;
  const days = parseExecutionDays(executionDay) ?? [];
  const second = parseExecutionTime(executionTime) ?? 0;
  const times = { days, second, timeZone: timeZoneOf(options) };
  while (!signal.aborted) {
    const next = nextExecution(times, clock.now());
    log.info('comparison.scheduled', { at: next.toISOString() });
    progress.note(`next comparison at ${next.toISOString()}`);
    for (let left = 1; left > 0 && !signal.aborted;) {
      left = next.getTime() - clock.now().getTime();
      await clock.sleep(left, signal);
    }
    progress.note('');
    if (!signal.aborted) yield next;
  }
}
