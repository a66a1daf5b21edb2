import { configurationError, exitCodes } from '@orthanc-tools/failures';
import { type Orthanc, connectOrthanc, connectionFrom, noOutages } from '@orthanc-tools/orthanc-client';
import { scheduleFromOptions } from '@orthanc-tools/scheduling';
import { knownCap } from '@orthanc-tools/study-search';
import { checkPagePlace } from '@orthanc-tools/sign-off';
import { nameOf } from '@orthanc-tools/tool-options';
import { type RunContext, type RunOutcome, patiently } from '@orthanc-tools/tool-runtime';
import { type WorkLedger, openLedger } from '@orthanc-tools/work-ledger';
import { checkApart } from './check-apart.ts';
import { checkPlace, writeCsvReport } from './csv-report.ts';
import { enterWork, spansOf } from './enter-work.ts';
import { openErrorLog } from './error-log.ts';
import { identityOf, ledgerPlace } from './ledger-place.ts';
import { failingQuestions } from './failing-questions.ts';
import type { HungOver } from './fault-of-modality.ts';
import { type MigrationRequest, migrateEverything } from './migrate-everything.ts';
import { type OpenedRoute, nobodyAsked, openRoute } from './open-route.ts';
import type { MigratorOptions } from './options.ts';
import { paceOf } from './pace.ts';
import { pausable } from './pausable.ts';
import { noTotals } from './run-totals.ts';
import { signOffMigration } from './sign-off-migration.ts';
import { exitCodeFor, reportOn, summarize } from './summarize.ts';

/** Migrates what is wanted, proves it, and tells what is not there. */
export async function runMigrator(options: MigratorOptions, run: RunContext): Promise<RunOutcome> {
  checkWanted(options);
  if (options.csvReport !== undefined) await checkPlace('csvReport', options.csvReport);
  await checkPagePlace(options.htmlReport);
  await using orthanc = connectOrthanc(connectionFrom(options, 'orthanc'));
  const opened = await patiently(() => openRoute(options, orthanc), run);
  if (opened === undefined) return { exitCode: exitCodes.interrupted, summary: {} };
  await using route = opened;
  const apart = await patiently(
    async () => ({ mixedUp: await checkApart({ options, orthanc, ...run }) }),
    run,
  );
  if (apart === undefined) return { exitCode: exitCodes.interrupted, summary: {} };
  if (apart.mixedUp !== undefined) run.log.warn('destination.doubtful', { found: apart.mixedUp.found });
  if (route.source?.arrival.isSilent)
    run.log.warn('destination.not_asked', { found: nobodyAsked(route.source.arrivalAet) });
  using ledger = ledgerFor(options, run);
  await enterWork(options, ledger, run);
  const request = requestFor(options, { run, orthanc, route, ledger });
  await migrateEverything(request);
  const reported = reportOn(ledger);
  if (options.csvReport !== undefined) await writeCsvReport(options.csvReport, ledger);
  const signOff = await signOffMigration(options, { ledger, reported, endedAt: run.clock.now() });
  return {
    exitCode: exitCodeFor(reported, request.studies.totals, run.signal.aborted),
    summary: summarize(request.studies.totals, reported.standing),
    report: { ...reported.report, signOff },
  };
}

/** @throws configuration `STUDIES_MISSING` */
export function checkWanted({ fromStudyDate, studiesFile }: MigratorOptions): void {
  if (fromStudyDate === undefined && studiesFile === undefined)
    throw configurationError(
      'STUDIES_MISSING',
      `Which studies? Give ${nameOf('fromStudyDate')} and ${nameOf('toStudyDate')}, or ${nameOf('studiesFile')}.`,
    );
}

function ledgerFor(options: MigratorOptions, { log, stateFolder }: RunContext): WorkLedger {
  const path = ledgerPlace(options, stateFolder);
  const ledger = openLedger(path, { identity: { tool: 'migrator', ...identityOf(options) } });
  log.info('ledger.opened', { path, interrupted: ledger.interrupted });
  return ledger;
}

interface Opened {
  readonly run: RunContext;
  readonly orthanc: Orthanc;
  readonly route: OpenedRoute;
  readonly ledger: WorkLedger;
}

function requestFor(options: MigratorOptions, { run, orthanc, route, ledger }: Opened): MigrationRequest {
  const { log, metrics, clock } = run;
  const { source, receiver } = route;
  const schedule = pausable(scheduleFromOptions(options), run.pausing);
  const { stallLimit, transferLimit, closingLimit, errorLogPath } = options;
  const hungOver: HungOver = new Map();
  const suspects = { servers: [orthanc], outages: noOutages() };
  const studies = {
    ...{ log, metrics, clock, orthanc, suspects, source, receiver, ledger, schedule },
    limits: { stall: stallLimit, transfer: transferLimit, closing: closingLimit },
    pace: paceOf(options.imagesPerMinute, clock),
    deleteFromSource: options.deleteFromSource,
    spaceThreshold: options.orthancSpaceThreshold,
    totals: noTotals(),
    hungOver,
    errorLog: errorLogPath === undefined ? undefined : openErrorLog(errorLogPath),
  };
  const { order } = spansOf(options);
  const cap = source?.cap ?? knownCap(undefined);
  const { proveAgain } = options;
  const searches = {
    ...{ log, clock, orthanc, suspects, source, ledger, schedule, hungOver },
    order,
    cap,
    failing: failingQuestions(),
    proveAgain,
  };
  return {
    ...{ run, studies, searches, schedule },
    ceiling: options.workerThreadsCount,
    maxAttempts: options.maxRetries + 1,
    constantRetryDelays: options.constantRetryDelays,
    exitOnError: options.exitOnError,
  };
}
