import { readLandmarks, withPage, writeLandmarks } from '@orthanc-tools/orthanc-client';
import { type FeedContext, arrivals, changeLog } from './feed-arrivals.ts';

/** So many of the oldest entries are looked at. */
const oldest = 100;

/**
 * Where all entries by which the change log was known are gone with what was forwarded and deleted, it is known by the
 * oldest that are left: those belong to what stays. To be called where it is known that the log is still the same.
 */
export function keepLandmarks({
  inbox,
  ledger,
  signal,
}: Pick<FeedContext, 'inbox' | 'ledger' | 'signal'>): () => Promise<void> {
  // Where nothing is left of the log, there is nothing before something has come.
  let emptyAt: string | undefined;
  return async () => {
    const position = ledger.cursor(changeLog);
    if (position === undefined || position === emptyAt || readLandmarks(ledger).length > 0) return;
    const { changes } = await inbox.changes.read({ since: 0, limit: oldest, types: arrivals, signal });
    const known = changes.filter(({ sequence }) => sequence <= Number(position));
    if (known.length === 0) emptyAt = position;
    else writeLandmarks(ledger, withPage([], known));
  };
}
