import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Logger } from '@orthanc-tools/telemetry';
import type { WorkLedger } from '@orthanc-tools/work-ledger';

const address = 'address';

/**
 * Whether everything has to be proved again: the server is another one than before, or it holds less than what was
 * proved there.
 */
export async function mustProveAgain(ledger: WorkLedger, orthanc: Orthanc, log: Logger): Promise<boolean> {
  const before = ledger.cursor(address);
  if (before !== orthanc.url) {
    ledger.setCursor(address, orthanc.url);
    if (before !== undefined) log.warn('server.changed', { consequence: 'every file is proved again' });
    return before !== undefined;
  }
  const proved = ledger.tally().parts;
  if (proved === 0) return false;
  const { instances } = await orthanc.statistics();
  // Fewer may also be there because the same image lies in the folder twice; looking again is cheap.
  if (instances > 0) return false;
  log.warn('server.holds_nothing', { proved, consequence: 'every file is proved again' });
  return true;
}
