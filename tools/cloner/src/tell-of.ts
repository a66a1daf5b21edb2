import type { Logger, Metrics } from '@orthanc-tools/telemetry';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Rescheduled } from '@orthanc-tools/work-loop';
import { type StudyOutcome, proofOf, provedIn } from './study-outcome.ts';

export interface Teller {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly durationMs: number;
  readonly rescheduled: Rescheduled | undefined;
}

/** One line and one count for each visit. */
export function tellOf(
  { key, attempt }: Claim,
  outcome: StudyOutcome,
  { log, metrics, durationMs, rescheduled }: Teller,
): void {
  metrics.addBytes(outcome.copiedBytes);
  metrics.observeItemSeconds(durationMs / 1000);
  const { exceptions, unfinished, copied, accepted, isVanished } = outcome;
  const facts = { study: key, attempt, durationMs, copied, proved: provedIn(outcome) };
  if (unfinished !== undefined && rescheduled !== 'set aside') {
    metrics.countItem('rescheduled');
    log.warn('study.rescheduled', { ...facts, code: unfinished.code });
  } else if (unfinished !== undefined || exceptions.length > 0) {
    metrics.countItem('set_aside');
    const setAside = exceptions.length + outcome.pending.length;
    log.warn('study.set_aside', { ...facts, setAside, code: unfinished?.code ?? exceptions[0]?.code });
  } else {
    const became = isVanished ? 'vanished' : accepted > 0 ? 'accepted' : 'verified';
    metrics.countItem(became);
    log.info(`study.${became}`, { ...facts, ...(accepted > 0 && { accepted }), proof: proofOf(outcome) });
  }
}
