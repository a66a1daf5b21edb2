import type { Change, ChangePage } from './changes.ts';
import { feedLateChanges, forgetPassedOver, notePassedOver } from './late-changes.ts';
import type { Orthanc } from './orthanc.ts';

interface FollowSettings {
  /** The sequence number of the last change that was dealt with. */
  readonly since: number;
  readonly types?: readonly string[];
  /** Changes per page. */
  readonly limit?: number;
  /** How long to wait at the end of the log, in ms. */
  readonly pollEvery?: number;
  readonly clock: { now(): Date; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  readonly signal: AbortSignal;
}

/**
 * The change log page by page, and what is added to it, until the signal. Errors are thrown: whether to wait and begin
 * again at the last page's `last` is for the caller to say. A log that was cleared, or belongs to another database,
 * yields a page whose `last` lies before `since`, and is followed from there. What appears late, under a number that was
 * passed over, comes in a page of its own; whoever begins again does not know of it any more.
 */
export async function* followChanges(
  orthanc: Pick<Orthanc, 'changes'>,
  settings: FollowSettings,
): AsyncGenerator<ChangePage, void, undefined> {
  const { types, limit = 1000, pollEvery = 1000, clock, signal } = settings;
  let { since } = settings;
  const ledger = cursorsInMemory();
  while (!signal.aborted) {
    const page = await orthanc.changes.read({ since, limit, types, signal });
    if (page.last < since) forgetPassedOver(ledger);
    notePassedOver(page, since, { ledger, clock });
    yield page;
    since = page.last;
    if (!page.isDone) continue;
    const late: Change[] = [];
    const enter = (changes: readonly Change[]) => Promise.resolve(void late.push(...changes));
    await feedLateChanges({ source: orthanc, ledger, clock, types, signal, enter });
    if (late.length > 0) yield { ...page, changes: late, passedOver: [] };
    await clock.sleep(pollEvery, signal);
  }
}

function cursorsInMemory() {
  const values = new Map<string, string>();
  return {
    cursor: (name: string) => values.get(name),
    setCursor: (name: string, value: string) => void values.set(name, value),
  };
}
