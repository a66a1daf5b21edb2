import type { ChangePage } from './changes.ts';
import type { Orthanc } from './orthanc.ts';

interface FollowSettings {
  /** The sequence number of the last change that was dealt with. */
  readonly since: number;
  readonly types?: readonly string[];
  /** Changes per page. */
  readonly limit?: number;
  /** How long to wait at the end of the log, in ms. */
  readonly pollEvery?: number;
  readonly clock: { sleep(ms: number, signal?: AbortSignal): Promise<void> };
  readonly signal: AbortSignal;
}

/**
 * The change log page by page, and what is added to it, until the signal. Errors are thrown: whether to wait and begin
 * again at the last page's `last` is for the caller to say. A log that was cleared, or belongs to another database,
 * yields a page whose `last` lies before `since`, and is followed from there.
 */
export async function* followChanges(
  orthanc: Pick<Orthanc, 'changes'>,
  settings: FollowSettings,
): AsyncGenerator<ChangePage, void, undefined> {
  const { types, limit = 1000, pollEvery = 1000, clock, signal } = settings;
  let { since } = settings;
  while (!signal.aborted) {
    const page = await orthanc.changes.read({ since, limit, types, signal });
    yield page;
    since = page.last;
    if (page.isDone) await clock.sleep(pollEvery, signal);
  }
}
