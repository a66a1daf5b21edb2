import { opendir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { configurationError, exitCodes } from '@orthanc-tools/failures';
import { type Orthanc, connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { scheduleFromOptions } from '@orthanc-tools/scheduling';
import { type OptionsOf, nameOf } from '@orthanc-tools/tool-options';
import type { DoctorFinding, RunContext, RunOutcome, Tool } from '@orthanc-tools/tool-runtime';
import { type WorkLedger, openLedger, readLedger } from '@orthanc-tools/work-ledger';
import type { ArchiveLimits } from './archive-limits.ts';
import { byTurns } from './by-turns.ts';
import { countFolder } from './dry-run.ts';
import { distanceTo } from './distance.ts';
import { openDisk } from './disk.ts';
import { addToErrorsFile, checkErrorsFile } from './errors-file.ts';
import { examineOrthanc, examinePlaces } from './examine.ts';
import { holdingRoom } from './holding-room.ts';
import { identityGuard } from './identity-verdict.ts';
import { importEverything } from './import-everything.ts';
import { findLost, rememberHolding } from './find-lost.ts';
import type { ImportContext } from './import-files.ts';
import { labelGate } from './label-gate.ts';
import { foldersInPythonState, ledgerPlace } from './ledger-place.ts';
import { checkManifestPlace, writeManifest } from './manifest.ts';
import { lookFirst } from './look-first.ts';
import { importerOptions } from './options.ts';
import { mustProveAgain } from './remember-server.ts';
import { noTotals } from './run-totals.ts';
import { exitCodeFor, summarize } from './summarize.ts';

declare const TOOL_VERSION: string | undefined;

type ImporterOptions = OptionsOf<typeof importerOptions>;

/** Uploads everything in a folder that is DICOM, and proves it. */
async function runImporter(options: ImporterOptions, context: RunContext): Promise<RunOutcome> {
  const { log, signal } = context;
  const folder = Buffer.from(resolve(options.folderPath));
  await checkPlaces(options);
  const settings = {
    folder,
    skipExtensions: options.skipExtensions ?? [],
    limits: limitsFrom(options),
    disk: openDisk(),
    room: holdingRoom(nestedZipBytes),
  };
  if (options.dryRun) {
    const summary = await countFolder(settings, context);
    return { exitCode: signal.aborted ? exitCodes.interrupted : exitCodes.done, summary };
  }
  await using orthanc = connectOrthanc(connectionFrom(options, 'orthanc'));
  const { canFind, neverOverwrites } = await greet(orthanc, options.labelsList ?? []);
  const ledgerPath = ledgerPlace(options, context.stateFolder);
  using ledger = openLedger(ledgerPath, { identity: { folder: folder.toString() } });
  log.info('ledger.opened', { path: ledgerPath, interrupted: ledger.interrupted });
  const folders = foldersInPythonState(options.statePath);
  if (folders !== undefined) log.info('ledger.python_state_read', { folders, provedAgain: true });
  const files: ImportContext = {
    ...settings,
    orthanc,
    canFind,
    lookFirst: lookFirst(neverOverwrites),
    isFar: distanceTo(orthanc),
    gate: labelGate(orthanc, options.labelsList ?? []),
    turns: byTurns(),
    totals: noTotals(),
    guard: options.onIdentityConflict === 'refuse' ? identityGuard(ledger) : undefined,
    pdfs: options.dicomizePdf ? 'wait' : 'list',
    log,
    metrics: context.metrics,
  };
  const proveAgain = options.proveAgain || (await mustProveAgain(ledger, orthanc, log));
  if (!proveAgain) await findLost(ledger, orthanc, log);
  await importEverything({
    run: context,
    files,
    ledger,
    schedule: scheduleFromOptions(options),
    ceiling: options.workerThreadsCount,
    maxAttempts: options.maxRetries + 1,
    proveAgain,
  });
  await rememberHolding(ledger, orthanc);
  if (options.manifest !== undefined) await writeManifest(options.manifest, ledger);
  if (options.errorsPath !== undefined) await addToErrorsFile(options.errorsPath, options.folderPath, ledger);
  const tally = ledger.tally();
  const conflicts = ledger.verdictCount();
  return {
    exitCode: signal.aborted ? exitCodes.interrupted : exitCodeFor(tally, conflicts),
    summary: { ...summarize(files.totals, tally), identityConflictPatients: conflicts },
    report: { ledger: tally, identityConflicts: conflictsIn(ledger) },
  };
}

/** ZIPs within archives that are held, all together; others are read as they come. */
const nestedZipBytes = 32 * 1024 * 1024;
/** Orthanc's identifiers of the first patients in conflict; the summary counts all. */
const conflictsIn = (ledger: WorkLedger): string[] =>
  ledger
    .openSubjects({ limit: 1000 })
    .filter(({ verdict }) => verdict !== undefined)
    .map(({ subject }) => subject);

const limitsFrom = (options: ImporterOptions): ArchiveLimits => ({
  entries: options.maxArchiveEntries,
  bytes: options.maxArchiveMegabytes * 1e6,
  ratio: options.maxArchiveRatio,
  nesting: options.maxArchiveNesting,
});

/** What would only show at the end, or at every file, is found out before the work. */
async function checkPlaces({ folderPath, manifest, errorsPath }: ImporterOptions): Promise<void> {
  try {
    await (await opendir(folderPath)).close();
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    const message = `${nameOf('folderPath')}: the folder "${folderPath}" cannot be read (${code}).`;
    throw configurationError('FOLDER_UNREADABLE', message, { cause });
  }
  if (manifest !== undefined) await checkManifestPlace(manifest);
  if (errorsPath !== undefined) await checkErrorsFile(errorsPath);
}

/** What decides how this Orthanc is asked. @throws what would fail for every file */
async function greet(
  orthanc: Orthanc,
  labels: readonly string[],
): Promise<{ readonly canFind: boolean; readonly neverOverwrites: boolean }> {
  const { hasExtendedFind, hasLabels, isReadOnly, overwrite } = await orthanc.system();
  if (isReadOnly)
    throw configurationError('DESTINATION_READ_ONLY', `Orthanc at ${orthanc.url} is read-only.`);
  if (labels.length > 0 && !hasLabels)
    throw configurationError(
      'LABELS_UNSUPPORTED',
      `${nameOf('labelsList')}: Orthanc at ${orthanc.url} knows no labels.`,
    );
  return { canFind: hasExtendedFind, neverOverwrites: overwrite === 'Never' };
}

/** Nothing is changed; whatever cannot be asked costs that finding only. */
async function diagnose(options: ImporterOptions, { stateFolder }: RunContext): Promise<DoctorFinding[]> {
  const [server, places] = await Promise.all([
    examineOrthanc(() => connectionFrom(options, 'orthanc'), (options.labelsList ?? []).length > 0),
    examinePlaces(options.folderPath, ledgerPlace(options, stateFolder)),
  ]);
  return [...server, ...places];
}

export const importerTool: Tool<typeof importerOptions> = {
  name: 'importer',
  command: 'orthanc-importer',
  summary:
    'Uploads the DICOM files of a folder, of its ZIPs too, to an Orthanc and proves each instance there.',
  version: typeof TOOL_VERSION === 'string' ? TOOL_VERSION : 'development',
  options: importerOptions,
  examples: [
    'orthanc-importer --folder-path /import --url http://orthanc-a:8042 --manifest manifest.csv',
    'orthanc-importer --folder-path /import --dry-run',
    'orthanc-importer doctor --folder-path /import --url http://orthanc-a:8042',
  ],
  notes: [
    'Nothing in the folder is changed, and nothing at Orthanc is overwritten: what it holds with other content under the same identifiers is reported as CONTENT_CONFLICT.',
  ],
  run: runImporter,
  doctor: diagnose,
  openWork: (options, { stateFolder }) => readLedger(ledgerPlace(options, stateFolder)),
};
