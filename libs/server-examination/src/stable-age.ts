import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Check } from './examine-server.ts';
import { entriesOf, expected, textIn } from './finding.ts';
import type { Meaning } from './settings.ts';

/** How long Orthanc waits before it calls a study stable, as far as its newest studies tell. */
export interface StableAgeMeaning {
  /** What the setting means for the tool: `The cloner does not wait for it`. */
  readonly meaning: string;
  /** What is wrong with so many seconds; undefined: nothing. */
  readonly judge?: (seconds: number) => Pick<Meaning, 'verdict' | 'remedy'> | undefined;
}

export const stableAge = ({ meaning, judge }: StableAgeMeaning): Check => ({
  name: 'stable age',
  async look({ orthanc, facts, find }) {
    const check = 'stable age';
    const seconds = await observedStableAge(orthanc, facts.hasExtendedChanges);
    if (seconds === undefined)
      return find(
        check,
        'unknown',
        'REST does not tell it, and no study has become stable lately',
        `Look at StableAge in its configuration (60 s by default). ${meaning}`,
      );
    const found = `about ${String(seconds)} s, as the newest stable studies show`;
    const judged = judge?.(seconds);
    return judged === undefined
      ? find(check, 'ok', found)
      : find(check, judged.verdict, found, judged.remedy);
  },
});

const newestChanges = 500;
const longestAge = 86_400;

/** Time from the last instance of a study to the change that calls it stable, in seconds: the least of a few studies. */
async function observedStableAge(orthanc: Orthanc, canFilter: boolean): Promise<number | undefined> {
  const last = await orthanc.changes.last();
  const path = canFilter
    ? `/changes?type=StableStudy&to=${String(last)}&limit=3`
    : `/changes?since=${String(Math.max(0, last - newestChanges))}&limit=${String(newestChanges)}`;
  const answer = (await orthanc.call({ method: 'GET', path, isFixedRoute: true })) as {
    Changes?: unknown;
  } | null;
  const stable = entriesOf(answer?.Changes).filter(
    (change) => textIn(change, 'ChangeType') === 'StableStudy',
  );
  const ages = await Promise.all(stable.slice(-3).map((change) => ageOf(orthanc, change)));
  const known = ages.filter((age) => age !== undefined && age >= 0 && age < longestAge) as number[];
  return known.length === 0 ? undefined : Math.min(...known);
}

async function ageOf(orthanc: Orthanc, change: unknown): Promise<number | undefined> {
  const path = `/studies/${textIn(change, 'ID') ?? ''}/metadata/LastUpdate`;
  try {
    const route = '/studies/{id}/metadata/LastUpdate';
    const updated = await orthanc.call({ method: 'GET', path, route, isPlainText: true });
    const [stableAt, updatedAt] = [secondsOf(textIn(change, 'Date')), secondsOf(updated)];
    return stableAt === undefined || updatedAt === undefined ? undefined : stableAt - updatedAt;
  } catch (error) {
    // Deleted meanwhile.
    if (expected(error).code === 'ORTHANC_NOT_FOUND') return undefined;
    throw error;
  }
}

/** `20260131T235959`, as the change log and metadata tell times (UTC). */
function secondsOf(time: unknown): number | undefined {
  const told = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(typeof time === 'string' ? time : '');
  if (told === null) return undefined;
  const [, year, month, day, hours, minutes, seconds] = told.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hours, minutes, seconds) / 1000;
}
