import type { LedgerView } from '@orthanc-tools/work-ledger';
import { changeLogPosition } from './change-log-position.ts';
import type { FeedContext } from './feed-studies.ts';

/** Whoever is at work for less has not fallen behind. */
export const aMomentMs = 60_000;

type Telling = Pick<FeedContext, 'log' | 'clock'> & {
  readonly ledger: Pick<LedgerView, 'tally' | 'cursor'>;
};

/**
 * Says that the copy has caught up with the source: the first time, and again after each time when for more than a moment
 * it had not, for whatever reason. Not after every change. To be called whenever the change log was read to its end, with
 * the time at which that reading was begun: a source that was away has held it up.
 */
export function caughtUpTeller({ ledger, log, clock }: Telling): (askedAt: number) => void {
  let behindSince: number | undefined = -Infinity;
  return (askedAt) => {
    behindSince ??= askedAt;
    const { waiting, inHand, setAside } = ledger.tally();
    if (waiting + inHand > 0) return;
    if (clock.now().getTime() - behindSince >= aMomentMs)
      log.info('source.caught_up', { change: changeLogPosition(ledger), setAside, next: 'following' });
    behindSince = undefined;
  };
}
