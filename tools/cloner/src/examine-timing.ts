import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';
import { type Find, type Examined, entriesOf, expected, textIn } from './examine-finding.ts';

const clockLimitMs = 60_000;

/** The server's clock against that of this machine, without half of the way there and back. */
export async function clockFinding(
  { orthanc, find }: Pick<Examined, 'orthanc' | 'find'>,
  now: () => Date,
): Promise<DoctorFinding> {
  const asked = now().getTime();
  const told = await orthanc.now();
  // Orthanc tells whole seconds.
  const aheadMs = told.getTime() + 500 - (asked + now().getTime()) / 2;
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const found =
    seconds <= 1 ? 'as here' : `${String(seconds)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine`;
  return Math.abs(aheadMs) > clockLimitMs
    ? find(
        'clock',
        'warning',
        found,
        'Synchronise the clocks (NTP): times in logs and reports cannot be compared.',
      )
    : find('clock', 'ok', found);
}

const noDelayRemedy =
  'Set TCP_NODELAY=1 in the environment of Orthanc and restart it: without it C-STORE and C-MOVE stall some 90 ms per instance.';
const lookForNoDelay =
  "REST does not tell it. On that machine: tr '\\0' '\\n' < /proc/$(pidof Orthanc)/environ | grep TCP_NODELAY must print TCP_NODELAY=1; set it otherwise.";

/** What Nagle's algorithm and delayed acknowledgements cost is 40 ms or more, a C-ECHO without them a few. */
const stallMs = 40;
/** The stall is in every exchange; a busy machine is not as busy all the time. */
const mostMeasures = 15;

/**
 * Lets Orthanc send C-ECHO to itself, which nobody else notices: the stall of C-STORE is in that exchange too
 * (measured on 1.12.7 and 1.13.0: 90 ms without TCP_NODELAY, 2 to 14 ms with it).
 */
export async function noDelayFinding({ orthanc, facts, find }: Examined): Promise<DoctorFinding> {
  const check = 'TCP_NODELAY';
  if (facts.aet === undefined || facts.dicomPort === undefined)
    return find(check, 'unknown', 'the DICOM port is not told', lookForNoDelay);
  const content = { AET: facts.aet, Host: '127.0.0.1', Port: facts.dicomPort, Timeout: 2 };
  try {
    const echo = () => orthanc.call({ method: 'POST', path: '/tools/dicom-echo', content, limit: 10_000 });
    const echoMs = await shortest(echo, stallMs);
    const ownMs = Math.max(0, echoMs - (await shortest(() => orthanc.system())));
    const found = `a C-ECHO of Orthanc to itself takes ${String(Math.round(ownMs))} ms`;
    return ownMs < stallMs
      ? find(check, 'ok', `set: ${found}`)
      : find(check, 'warning', `seems not to be set: ${found}`, noDelayRemedy);
  } catch (error) {
    const why = `not measured, as Orthanc cannot send C-ECHO to itself: ${expected(error).message}`;
    return find(check, 'unknown', why, lookForNoDelay);
  }
}

/** Of three, and of more until one is short enough: what is slower may have been held up by something else. */
async function shortest(ask: () => Promise<unknown>, enoughMs = Infinity): Promise<number> {
  let ms = Infinity;
  for (let time = 0; time < 3 || (ms >= enoughMs && time < mostMeasures); time += 1) {
    const asked = performance.now();
    await ask();
    ms = Math.min(ms, performance.now() - asked);
  }
  return ms;
}

/** Below it, scripts at the destination that wait for stable studies see halves of studies while they arrive. */
const shortStableAge = 10;

export async function stableAgeFinding({ side, orthanc, facts, find }: Examined): Promise<DoctorFinding> {
  const check = 'stable age';
  const seconds = await observedStableAge(orthanc, facts.hasExtendedChanges);
  if (seconds === undefined)
    return find(
      check,
      'unknown',
      'REST does not tell it, and no study has become stable lately',
      `Look at StableAge in its configuration (60 s by default). ${meaning[side]}`,
    );
  const found = `about ${String(seconds)} s, as the newest stable studies show`;
  return side === 'destination' && seconds < shortStableAge
    ? shortAge(find, found)
    : find(check, 'ok', found);
}

const meaning = {
  source: 'The cloner does not wait for it: what arrives is copied at once.',
  destination: 'Scripts there that wait for stable studies see half a study when its copy pauses for longer.',
} as const;

const shortAge = (find: Find, found: string) =>
  find('stable age', 'warning', found, `Raise StableAge during the clone. ${meaning.destination}`);

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
