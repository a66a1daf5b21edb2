import type { Clock } from '@orthanc-tools/scheduling';
import { type Claim, type ItemRow, type WorkLedger, eachRemembered } from '@orthanc-tools/work-ledger';
import type { ClearAway, Seen } from './clear-away.ts';

/** Since when PDFs lie in their folders (ms since 1970): images that were taken away from there later lay beside them. */
export interface PdfsFound {
  /** Of one that is in hand. */
  since(claim: Pick<Claim, 'key' | 'mark'>, seen: Pick<Seen, 'ctimeMs'> | undefined): number;
  /** Of one that was concluded. */
  sinceBefore(row: ConcludedPdf): number;
  /** The same is to be said of these when they are in hand again. */
  keep(rows: readonly ConcludedPdf[]): void;
  /** It is gone: should it come back, that is another time. */
  forget(key: string): void;
  /** A whole run, or round, has ended. */
  endRound(): void;
}

type ConcludedPdf = Pick<ItemRow, 'key' | 'mark' | 'at'>;

type FoundLedger = Pick<
  WorkLedger,
  'askedAt' | 'remembered' | 'remember' | 'forget' | 'cursor' | 'setCursor'
>;

/** In the ledger, of each PDF. */
const part = 'found';
/** When the last round ended that took something away; a run that was interrupted is one round with the next. */
const roundsEnded = 'taken away';

export function pdfsFound(
  ledger: FoundLedger,
  clock: Clock,
  clearAway: Pick<ClearAway, 'counts'> | undefined,
): PdfsFound {
  const now = () => clock.now().getTime();
  if (clearAway !== undefined && ledger.cursor(roundsEnded) === undefined)
    ledger.setCursor(roundsEnded, String(now()));
  let roundBegan = Number(ledger.cursor(roundsEnded) ?? 0);
  let cleared = 0;

  function recall({ key, mark }: Pick<Claim, 'key' | 'mark'>): number | undefined {
    const note = [...eachRemembered(ledger, key)].find((one) => one.part === part)?.note;
    const known = note === undefined ? undefined : (JSON.parse(note) as { mark: string; since: number });
    return known?.mark === mark ? known.since : undefined;
  }
  function remember({ key, mark }: Pick<Claim, 'key' | 'mark'>, since: number): number {
    ledger.remember(key, [{ part, note: JSON.stringify({ mark, since }) }]);
    return since;
  }
  return {
    since(claim, seen) {
      const known = recall(claim);
      if (known !== undefined) return known;
      const asked = ledger.askedAt(claim.key) ?? now();
      // The folder is still being listed while its first images are taken away. What came only then shows by its inode.
      const atFirst = seen === undefined ? asked : Math.max(roundBegan, seen.ctimeMs);
      return remember(claim, Math.min(asked, atFirst));
    },
    sinceBefore: (row) => recall(row) ?? row.at,
    keep(rows) {
      for (const row of rows) if (recall(row) === undefined) remember(row, row.at);
    },
    forget(key) {
      ledger.forget(key, [part]);
    },
    endRound() {
      const { clearedFiles } = clearAway?.counts ?? { clearedFiles: 0 };
      if (clearedFiles === cleared) return;
      cleared = clearedFiles;
      roundBegan = now();
      ledger.setCursor(roundsEnded, String(roundBegan));
    },
  };
}
