import type { LedgerView, WorkLedger } from '@orthanc-tools/work-ledger';
import type { CopyRate } from './copy-rate.ts';
import type { ClonerOptions } from './options.ts';
import type { RunTotals } from './run-totals.ts';

/** Where the ledger keeps how fast the last run was, for a later look ahead. */
const cursor = 'rate';

/** A few images say nothing of many. */
const fewest = 50;

type Way = Pick<ClonerOptions, 'mode' | 'bandwidth'>;

interface KeptRate extends CopyRate {
  /** As ordered. */
  readonly mode: string;
  /** The limit that it was held to. */
  readonly bandwidth?: string;
}

/** Keeps how fast this run has copied, unless it has copied hardly anything. */
export function rememberRate(
  ledger: Pick<WorkLedger, 'setCursor'>,
  totals: RunTotals,
  { mode, bandwidth }: Way,
): void {
  const { copiedInstances: instances, copiedBytes: bytes, busyMs: ms } = totals;
  if (instances < fewest || ms <= 0) return;
  const kept: KeptRate = { mode, instances, bytes, ms, ...(bandwidth !== undefined && { bandwidth }) };
  ledger.setCursor(cursor, JSON.stringify(kept));
}

/** How fast the last run was that copied much, if it went the same way. */
export function lastRate(ledger: Pick<LedgerView, 'cursor'>, { mode, bandwidth }: Way): CopyRate | undefined {
  const written = ledger.cursor(cursor);
  if (written === undefined) return undefined;
  const kept = JSON.parse(written) as KeptRate;
  const isComparable = kept.bandwidth === undefined || kept.bandwidth === bandwidth;
  return kept.mode === mode && isComparable ? kept : undefined;
}
