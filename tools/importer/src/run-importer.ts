import { opendir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { configurationError, exitCodes } from '@orthanc-tools/failures';
import {
  type Orthanc,
  connectOrthanc,
  connectionFrom,
  noOutages,
  sparingOthers,
} from '@orthanc-tools/orthanc-client';
import { scheduleFromOptions } from '@orthanc-tools/scheduling';
import type { SignOff } from '@orthanc-tools/sign-off';
import type { Logger } from '@orthanc-tools/telemetry';
import { nameOf } from '@orthanc-tools/tool-options';
import { type RunContext, type RunOutcome, patiently } from '@orthanc-tools/tool-runtime';
import { LedgerList, type WorkLedger, openLedger } from '@orthanc-tools/work-ledger';
import type { ArchiveLimits } from './archive-limits.ts';
import { byTurns } from './by-turns.ts';
import { checkDoneFolder } from './check-done-folder.ts';
import { clearAway } from './clear-away.ts';
import { openDisk, threadCalls } from './disk.ts';
import { patientsInConflict } from './conflicts-in.ts';
import { countFolder } from './dry-run.ts';
import { distanceTo } from './distance.ts';
import { findLost, rememberHolding } from './find-lost.ts';
import { folderPresence } from './folder-presence.ts';
import { type Greeting, greet } from './greet.ts';
import { holdingRoom } from './holding-room.ts';
import { identityGuard } from './identity-verdict.ts';
import { type ImportRequest, importEverything } from './import-everything.ts';
import type { ImportContext } from './import-files.ts';
import { importTally } from './import-tally.ts';
import { labelGate } from './label-gate.ts';
import { foldersInPythonState, ledgerPlace } from './ledger-place.ts';
import type { ImporterOptions } from './options.ts';
import { lookFirst } from './look-first.ts';
import { pdfsFound } from './pdfs-found.ts';
import { mustProveAgain, rememberRun } from './remember-run.ts';
import { noTotals } from './run-totals.ts';
import { exitCodeFor, summarize } from './summarize.ts';
import { warnOfInnerFolder, watchFolder } from './watch-folder.ts';
import { checkRecordPlaces, recordsNowAndThen, writeRecords } from './write-records.ts';

/** Uploads everything in a folder that is DICOM, and proves it. */
export async function runImporter(options: ImporterOptions, run: RunContext): Promise<RunOutcome> {
  await checkFolder(options.folderPath);
  await checkRecordPlaces(options);
  if (options.whenDone === 'move' && !options.dryRun)
    await checkDoneFolder(options.doneFolder, options.folderPath);
  if (options.dryRun) {
    const settings = inspectSettings(options);
    const summary = await countFolder({ ...settings, presence: folderPresence(settings.folder) }, run);
    return { exitCode: run.signal.aborted ? exitCodes.interrupted : exitCodes.done, summary };
  }
  // A file for which Orthanc has no room keeps out no other.
  await using orthanc = sparingOthers(connectOrthanc(connectionFrom(options, 'orthanc')), run.clock);
  const greeting = await greet(orthanc, options.labelsList ?? []);
  using ledger = ledgerFor(options, run);
  const files = importContext(options, { run, orthanc, greeting, ledger });
  // Now, while nothing else is on the way: what we send ourselves would make a near Orthanc look far.
  await files.distance.measure();
  const request = await importRequest(options, { run, files, ledger });
  if (options.watch) {
    const writeNowAndThen = recordsNowAndThen(options, ledger, run.clock);
    const afterRound = async ({ isIdle }: { isIdle: boolean }) => {
      rememberRun(ledger, options.whenDone);
      files.pdfsFound.endRound();
      files.gate.forget();
      await writeNowAndThen(isIdle);
    };
    await watchFolder(request, { everyMs: options.watchInterval, afterRound });
  } else await importEverything(request);
  if (!run.signal.aborted) {
    rememberRun(ledger, options.whenDone);
    files.pdfsFound.endRound();
    await rememberHolding(ledger, orthanc);
  }
  const signOff = await writeRecords(options, ledger, run.clock);
  if (!run.signal.aborted) warnOfNothing(options, ledger, run.log);
  return outcomeOf(files, { ledger, signOff, signal: run.signal });
}

async function checkFolder(folderPath: string): Promise<void> {
  try {
    await (await opendir(folderPath)).close();
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    const message = `${nameOf('folderPath')}: the folder "${folderPath}" cannot be read (${code}).`;
    throw configurationError('FOLDER_UNREADABLE', message, { cause });
  }
}

/** A wrong folder, or a volume that is not mounted, looks like an import that is finished. */
function warnOfNothing({ folderPath }: ImporterOptions, ledger: WorkLedger, log: Logger): void {
  const { parts, setAside, done } = ledger.tally();
  if (parts === 0 && setAside === 0) log.warn('folder.without_images', { folder: folderPath, files: done });
}

function inspectSettings(options: ImporterOptions) {
  const folder = Buffer.from(resolve(options.folderPath));
  return {
    folder,
    unreadFolders: new Set<string>(),
    skipExtensions: options.skipExtensions ?? [],
    limits: limitsFrom(options),
    // A folder that is watched for weeks may be on a machine that is away for hours: signals must be heard then.
    disk: options.watch ? threadCalls : openDisk(),
    room: holdingRoom(nestedZipBytes),
  };
}

/** ZIPs within archives that are held, all together; others are read as they come. */
const nestedZipBytes = 32 * 1024 * 1024;

const limitsFrom = (options: ImporterOptions): ArchiveLimits => ({
  entries: options.maxArchiveEntries,
  bytes: options.maxArchiveMegabytes * 1e6,
  ratio: options.maxArchiveRatio,
  nesting: options.maxArchiveNesting,
});

function ledgerFor(options: ImporterOptions, { log, stateFolder }: RunContext): WorkLedger {
  const path = ledgerPlace(options, stateFolder);
  const ledger = openLedger(path, { identity: { tool: 'importer', folder: resolve(options.folderPath) } });
  log.info('ledger.opened', { path, interrupted: ledger.interrupted });
  const folders = foldersInPythonState(options.statePath);
  if (folders !== undefined) log.info('ledger.python_state_read', { folders, provedAgain: true });
  return ledger;
}

interface Opened {
  readonly run: RunContext;
  readonly orthanc: Orthanc;
  readonly greeting: Greeting;
  readonly ledger: WorkLedger;
}

function importContext(options: ImporterOptions, { run, orthanc, greeting, ledger }: Opened): ImportContext {
  const { log, metrics, clock } = run;
  const settings = inspectSettings(options);
  const { whenDone, doneFolder } = options;
  const clearing = { ...settings, doneFolder, log, clock };
  const clearer = whenDone === 'keep' ? undefined : clearAway({ ...clearing, whenDone });
  return {
    ...settings,
    presence: folderPresence(settings.folder, {
      ledger,
      ...(options.watch ? { onAwayWithin: () => warnOfInnerFolder(log) } : {}),
    }),
    settleMs: options.watch ? options.settleTime : undefined,
    clearAway: clearer,
    flush: () => ledger.flush(),
    orthanc,
    canFind: greeting.canFind,
    lookFirst: lookFirst(greeting.neverOverwrites),
    distance: distanceTo(orthanc, options.workerThreadsCount),
    outages: noOutages(),
    gate: labelGate(orthanc, options.labelsList ?? []),
    turns: byTurns(),
    totals: noTotals(),
    guard: options.onIdentityConflict === 'refuse' ? identityGuard(ledger) : undefined,
    verdicts: ledger,
    memory: ledger,
    pdfs: options.dicomizePdf ? 'wait' : 'list',
    pdfsFound: pdfsFound(ledger, clock, clearer),
    log,
    metrics,
  };
}

async function importRequest(
  options: ImporterOptions,
  { run, files, ledger }: Pick<ImportRequest, 'run' | 'files' | 'ledger'>,
): Promise<ImportRequest> {
  const { orthanc } = files;
  const proveAgain = await patiently(async () => {
    // Asked in any case, as it also remembers which server is proved against.
    const mustProve =
      (await mustProveAgain(ledger, { orthanc, log: run.log, ...options })) || options.proveAgain;
    // What was found out about the patients may hold no more either.
    if (mustProve) ledger.judgeAgain();
    else await findLost(ledger, orthanc, run.log);
    return mustProve;
  }, run);
  return {
    run,
    files,
    ledger,
    schedule: scheduleFromOptions(options),
    ceiling: options.workerThreadsCount,
    maxAttempts: options.maxRetries + 1,
    proveAgain: proveAgain ?? false,
    ...(options.watch ? { settleMs: options.settleTime } : {}),
  };
}

interface Ended {
  readonly ledger: WorkLedger;
  readonly signOff: SignOff;
  readonly signal: AbortSignal;
}

function outcomeOf(files: ImportContext, { ledger, signOff, signal }: Ended): RunOutcome {
  const tally = importTally(ledger.tally());
  const conflicts = ledger.verdictCount();
  const summary = {
    ...summarize(files.totals, tally),
    ...files.clearAway?.counts,
    identityConflictPatients: conflicts,
  };
  return {
    exitCode: signal.aborted ? exitCodes.interrupted : exitCodeFor(tally, conflicts),
    summary,
    report: { ledger: tally, identityConflicts: new LedgerList(ledger, patientsInConflict), signOff },
  };
}
