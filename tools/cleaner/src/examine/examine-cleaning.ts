import { type Finding, asFailure } from '@orthanc-tools/failures';
import { connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import {
  type Check,
  answer,
  authentication,
  clock,
  content,
  digits,
  examineServer,
  expected,
  finderFor,
  labels,
  rightToRead,
  searchLimits,
  storageLimit,
  transport,
  version,
} from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import { type RunContext, tryFile } from '@orthanc-tools/tool-runtime';
import { executionTimes, timeZoneFromOptions } from '@orthanc-tools/scheduling';
import { readLedger } from '@orthanc-tools/work-ledger';
import { noDeletions, withTold } from '../audit/told-deletions.ts';
import { type TrailVerdict, verifyTrail } from '../audit/verify-trail.ts';
import { openElsewhere } from '../elsewhere/elsewhere.ts';
import type { CleanerOptions } from '../options.ts';
import { readRulesFile } from '../rules-file/read-rules-file.ts';
import { checkClocks } from '../run/check-clocks.ts';
import { type RunTotals, readNotes } from '../run/cleaner-memory.ts';
import { type Places, placesOf } from '../run/places.ts';
import { sameOrthanc } from './same-orthanc.ts';

type Surroundings = Pick<RunContext, 'clock' | 'signal' | 'stateFolder'>;

/** `doctor`: nothing is changed anywhere; whatever cannot be asked costs that finding only. */
export async function examineCleaning(
  options: CleanerOptions,
  { clock: ownClock, signal, stateFolder }: Surroundings,
): Promise<Finding[]> {
  const places = placesOf(options, stateFolder);
  const server = await examineServer(
    {
      subject: 'Orthanc',
      flags: '--orthanc',
      asker: { command: 'orthanc-cleaner', name: 'the cleaner', work: 'the cleaning' },
      connection: () => connectionFrom(options, 'orthanc'),
    },
    [...checksAt(ownClock), sameOrthanc(options, places.ledger)],
  );
  return [
    ...server,
    ...(await rulesFindings(options, ownClock)),
    ...(await elsewhereFindings(options, signal)),
    ...(await fileFindings('ledger', places.ledger, 'ledgerPath')),
    ...(await fileFindings('audit trail', places.trail, 'auditTrail')),
    ...(await chainFindings(places)),
  ];
}

const checksAt = (ownClock: Surroundings['clock']): Check[] => [
  answer,
  version,
  authentication,
  transport,
  rightToRead,
  rightToDelete,
  labels({
    verdict: 'problem',
    found: 'not supported: rules by label cannot be kept',
    remedy: 'Use Orthanc 1.12.0 or newer.',
  }),
  searchLimits({ mayBeEmpty: true }),
  content,
  storageLimit({
    deleting:
      'Orthanc deletes by itself what arrived first, whatever the rules say: set MaximumStorageMode to Reject, or raise MaximumStorageSize and MaximumPatientCount.',
    refusing: undefined,
  }),
  clock(() => ownClock.now()),
  sameClock(ownClock),
];

/** An identifier under which nothing is held. */
const nothing = '00000000-00000000-00000000-00000000-00000000';

/** Deletes what is not there, by the very request that deletes what is due. */
const rightToDelete: Check = {
  name: 'right to delete',
  isNeeded: true,
  async look({ orthanc, facts, find }) {
    if (facts.isReadOnly)
      return find('right to delete', 'problem', 'a read-only Orthanc', 'Set ReadOnly to false.');
    await orthanc.instances.deleteAll([nothing]);
    return find('right to delete', 'ok', 'given: POST /tools/bulk-delete is allowed');
  },
};

const sameClock = (ownClock: Surroundings['clock']): Check => ({
  name: 'clock for deletions',
  isNeeded: true,
  isAlone: true,
  async look({ orthanc, find }) {
    try {
      await checkClocks(orthanc, ownClock);
      return find('clock for deletions', 'ok', 'less than ten minutes apart');
    } catch (error) {
      const failure = asFailure(error);
      if (failure?.code !== 'CLOCKS_DIFFER') throw error;
      return find('clock for deletions', 'problem', failure.message, 'Synchronise the clocks (NTP).');
    }
  },
});

async function rulesFindings(options: CleanerOptions, ownClock: Surroundings['clock']): Promise<Finding[]> {
  const find = finderFor('rules');
  try {
    const { rules, keep } = await readRulesFile(options.labelsFilePath);
    const times = executionTimes(options.executionTime, timeZoneFromOptions(options));
    const next = times.nextAfter(ownClock.now());
    return [
      find(
        'file',
        'ok',
        `rules by which studies are deleted: ${digits(rules.length)}; by which they are kept: ${digits(keep.length)}`,
      ),
      next === undefined
        ? find('time', 'problem', `${times.describe()} never comes`, `Correct ${nameOf('executionTime')}.`)
        : find('time', 'ok', `${times.describe()}, next at ${next.toISOString()}`),
    ];
  } catch (error) {
    return [find('file', 'problem', expected(error).message, 'Correct it, then ask again.')];
  }
}

async function elsewhereFindings(options: CleanerOptions, signal: AbortSignal): Promise<Finding[]> {
  if (options.onlyIfAt === undefined) return [];
  const find = finderFor('other place');
  try {
    await using orthanc = connectOrthanc(connectionFrom(options, 'orthanc'));
    await using elsewhere = openElsewhere(orthanc, options);
    await elsewhere?.probe(signal);
    return [find('proof', 'ok', `${options.onlyIfAt} tells which instances it holds`)];
  } catch (error) {
    const remedy = `Correct ${nameOf('onlyIfAt')}, or allow the question there: until then nothing is deleted.`;
    return [find('proof', 'problem', expected(error).message, remedy)];
  }
}

const littleSpace = 100 * 1024 * 1024;

async function fileFindings(subject: string, path: string, option: string): Promise<Finding[]> {
  const find = finderFor(subject);
  const place = await tryFile(path);
  if (place.is === 'refused') {
    const remedy = `Give a file in a folder that this user may write to with ${nameOf(option)}, in Docker on a volume.`;
    return [find('file', 'problem', `${path} cannot be written to (${place.code})`, remedy)];
  }
  const free = `${digits(Math.round(place.freeBytes / 1e6))} MB in ${place.folder}`;
  return [
    find('file', 'ok', `${path} ${place.isThere ? 'is there and can be written to' : 'can be made'}`),
    place.freeBytes < littleSpace
      ? find('free space', 'warning', free, 'Make room: without it nothing more is deleted.')
      : find('free space', 'ok', free),
  ];
}

async function chainFindings({ trail, ledger }: Places): Promise<Finding[]> {
  let told = noDeletions;
  const verdict = await verifyTrail(trail, (record) => {
    told = withTold(told, record);
  }).catch((error: unknown) => error as NodeJS.ErrnoException);
  return [chainFinding(trail, verdict), ...countFindings(ledger, told.studies)];
}

/** The trail is written first: it may tell of more than the ledger, as after a crash or while a run is at work, and never of less. */
function countFindings(ledger: string, told: number): Finding[] {
  const find = finderFor('audit trail');
  const deleted = deletedBy(ledger);
  if (deleted === undefined) return [];
  const { studies: known, isAtWork } = deleted;
  const what = `studies deleted: ${digits(told)}; by the ledger: ${digits(known)}`;
  if (told === known || (told > known && isAtWork)) return [find('deletions', 'ok', what)];
  const remedy =
    told > known
      ? 'A run was killed, or the ledger is another one or an earlier copy: the next run takes over what the trail tells.'
      : 'Lines are missing at its end, or it was begun later than the ledger: find the earlier one.';
  return [find('deletions', 'warning', what, remedy)];
}

/** Undefined where there is no ledger, or it cannot be read as it is. */
function deletedBy(ledger: string): { readonly studies: number; readonly isAtWork: boolean } | undefined {
  try {
    using view = readLedger(ledger, { upgrades: false });
    const { studies = 0 } = readNotes<RunTotals>(view, 'totals').get('deleted') ?? {};
    return { studies, isAtWork: view.isHeld() };
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return undefined;
  }
}

function chainFinding(path: string, verdict: TrailVerdict | NodeJS.ErrnoException): Finding {
  const find = finderFor('audit trail');
  if (!('is' in verdict))
    return find(
      'chain',
      'unknown',
      `${path} cannot be read (${verdict.code ?? ''})`,
      'Let this user read it.',
    );
  if (verdict.is === 'missing') return find('chain', 'ok', 'not begun yet');
  return verdict.is === 'whole'
    ? find('chain', 'ok', `whole: ${digits(verdict.records)} records, each follows the one before`)
    : find(
        'chain',
        'problem',
        `line ${digits(verdict.line)} is not what was written there, or does not follow the line before`,
        'Keep this file, find out who changed it, and let the cleaner begin another one.',
      );
}
