import { type OrthancConnection, type SystemFacts, connectOrthanc } from '@orthanc-tools/orthanc-client';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';
import {
  authenticationFinding,
  readingFindings,
  refusedFinding,
  storingFinding,
  transport,
} from './examine-access.ts';
import { type Examined, type Side, expected, finderFor, guarded } from './examine-finding.ts';
import { capacityFindings, findLimitFindings, threadsFinding } from './examine-limits.ts';
import { pluginFindings } from './examine-plugins.ts';
import { md5Finding, overwriteFinding, transcodingFinding, versionFindings } from './examine-settings.ts';
import { clockFinding, noDelayFinding, stableAgeFinding } from './examine-timing.ts';

interface Surroundings {
  /** Read here, so that what is wrong with it belongs to this server only. */
  readonly connection: () => OrthancConnection;
  readonly now: () => Date;
  readonly workers: number;
}

/** What a careful administrator would look at on one server before a clone; each finding with its remedy. */
export async function examineServer(side: Side, surroundings: Surroundings): Promise<DoctorFinding[]> {
  const find = finderFor(side);
  let connection: OrthancConnection = { url: '' };
  try {
    connection = surroundings.connection();
    await using orthanc = connectOrthanc(connection);
    const facts: SystemFacts = await orthanc.system();
    return await examine({ side, orthanc, facts, find }, { ...surroundings, connection });
  } catch (error) {
    return [
      refusedFinding(expected(error), { side, find, connection }),
      find('all else', 'unknown', 'not looked at', 'Correct the above, then ask again.'),
    ];
  }
}

async function examine(
  examined: Examined,
  { connection, now, workers }: Omit<Surroundings, 'connection'> & { connection: OrthancConnection },
): Promise<DoctorFinding[]> {
  const { side, orthanc, facts, find } = examined;
  const isDestination = side === 'destination';
  const ask = (check: string, question: () => Promise<DoctorFinding>) =>
    guarded(find, { check, examine: async () => [await question()] });
  const several = (check: string, examineMany: () => Promise<DoctorFinding[]>) =>
    guarded(find, { check, isNeeded: true, examine: examineMany });

  const findings = await Promise.all([
    ask('authentication', () => authenticationFinding(connection, find)),
    isDestination ? ask('right to store', () => storingFinding(examined)) : readingFindings(examined),
    ask('stored MD5', () => md5Finding(examined)),
    ask('stable age', () => stableAgeFinding(examined)),
    several('plugins', () => pluginFindings(examined)),
    several('search limits', () => findLimitFindings(examined)),
    capacityFindings(examined),
  ]);
  const [authentication = [], right = [], md5 = [], stableAge = [], ...rest] = findings;
  // Times are taken when nothing else is asked.
  const clock = await guarded(find, {
    check: 'clock',
    isNeeded: isDestination,
    examine: async () => [await clockFinding(examined, now)],
  });
  return [
    find('answer', 'ok', `at ${orthanc.url}`),
    ...versionFindings(examined),
    ...authentication,
    transport(side, connection, find),
    ...right,
    overwriteFinding(examined),
    ...md5,
    ...(isDestination ? [transcodingFinding(facts, find)] : []),
    ...stableAge,
    ...rest.flat(),
    threadsFinding(examined, workers),
    ...clock,
    ...(await ask('TCP_NODELAY', () => noDelayFinding(examined))),
  ];
}
