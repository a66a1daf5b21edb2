import type { Logger } from '@orthanc-tools/telemetry';
import { type WorkLedger, eachPage } from '@orthanc-tools/work-ledger';

interface Keeping {
  /** Of deletions; the mark of an item is when it was proved. */
  readonly ledger: Pick<WorkLedger, 'cursor' | 'setCursor' | 'waiting' | 'retime'>;
  /** How long what was proved is kept, as it is ordered now. */
  readonly keepMs: number;
  readonly log: Logger;
}

/** Cursor in the ledger: how long what was proved was kept by the last run (ms). */
const keptFor = 'kept-for';

const dayMs = 24 * 60 * 60 * 1000;

/** Also what was proved already is kept from its proof on for as long as it is ordered now; what is tried again already, goes on. */
export function keepAnew({ ledger, keepMs, log }: Keeping): void {
  const before = ledger.cursor(keptFor);
  if (before === String(keepMs)) return;
  let units = 0;
  const pages = eachPage(
    (page) => ledger.waiting(page),
    ({ key }) => key,
  );
  for (const page of pages)
    units += ledger.retime(
      page
        .filter(({ mark }) => mark !== '')
        .map(({ key, mark }) => ({ key, readyAt: Number(mark) + keepMs })),
    );
  // Only now: dying before, we do it once more.
  ledger.setCursor(keptFor, String(keepMs));
  if (before !== undefined)
    log.info('keep_days.changed', { days: keepMs / dayMs, before: Number(before) / dayMs, units });
}
