import type { Logger } from '@orthanc-tools/telemetry';

/** What another configuration takes back from destinations: it is told with its count, and not for each unit. */
export interface Withdrawals {
  note(destinations: readonly string[]): void;
  /** Tells what was noted since the last time. */
  tell(): void;
  readonly isEmpty: boolean;
}

export function countWithdrawals(log: Logger): Withdrawals {
  const units = new Map<string, number>();
  return {
    note(destinations) {
      for (const name of destinations) units.set(name, (units.get(name) ?? 0) + 1);
    },
    tell() {
      const consequence = 'what it is not to have any more, and did not get yet, is not sent to it';
      for (const [destination, count] of units)
        log.info('destination.wants_less', { destination, units: count, consequence });
      units.clear();
    },
    get isEmpty() {
      return units.size === 0;
    },
  };
}
