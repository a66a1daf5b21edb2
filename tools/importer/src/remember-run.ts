import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Logger } from '@orthanc-tools/telemetry';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { WhenDone } from './clear-away.ts';

const address = 'address';
const cleared = 'cleared';
/** Stays until a whole run has ended: one that is interrupted has proved only a part. */
const proving = 'proving';
const everything = 'everything';

interface Now {
  readonly orthanc: Orthanc;
  readonly log: Logger;
  readonly whenDone: WhenDone;
}

/**
 * Whether everything has to be proved again: the server is another one than before, it holds less than what was
 * proved there, or files that were kept are to go.
 */
export async function mustProveAgain(ledger: WorkLedger, now: Now): Promise<boolean> {
  await lookForOtherServer(ledger, now);
  return ledger.cursor(proving) === everything || mustClear(ledger, now);
}

async function lookForOtherServer(ledger: WorkLedger, { orthanc, log }: Now): Promise<void> {
  const before = ledger.cursor(address);
  if (before !== orthanc.url) {
    if (before !== undefined) {
      ledger.setCursor(proving, everything);
      log.warn('server.changed', { consequence: 'every file is proved again' });
    }
    ledger.setCursor(address, orthanc.url);
    return;
  }
  const proved = ledger.tally().parts;
  if (proved === 0) return;
  const { instances } = await orthanc.statistics();
  // Fewer may also be there because the same image lies in the folder twice; looking again is cheap.
  if (instances > 0) return;
  ledger.setCursor(proving, everything);
  log.warn('server.holds_nothing', { proved, consequence: 'every file is proved again' });
}

function mustClear(ledger: WorkLedger, { whenDone, log }: Now): boolean {
  if (whenDone === 'keep' || ledger.cursor(cleared) === 'yes' || ledger.tally().parts === 0) return false;
  log.info('folder.to_be_cleared', { consequence: 'every file is proved again before it goes' });
  return true;
}

/** After a whole run or round: all was proved here, and whether the files that were proved have been taken away. */
export function rememberRun(ledger: WorkLedger, whenDone: WhenDone): void {
  const now = whenDone === 'keep' ? 'no' : 'yes';
  if (ledger.cursor(proving) === everything) ledger.setCursor(proving, '');
  if (ledger.cursor(cleared) !== now) ledger.setCursor(cleared, now);
}
