import { exitCodes } from '@orthanc-tools/failures';
import { connectOrthanc, connectionFrom } from '@orthanc-tools/orthanc-client';
import { scheduleFromOptions } from '@orthanc-tools/scheduling';
import { type RunContext, type RunOutcome, type Tool, patiently } from '@orthanc-tools/tool-runtime';
import { openLedger } from '@orthanc-tools/work-ledger';
import type { ForwarderHooks } from '../types/hooks.d.ts';
import { alarms } from './alarms.ts';
import { checkLabels } from './check-labels.ts';
import { diskLimit } from './disk/disk-limit.ts';
import { ownMaximumOf, warnOfRecycling } from './disk/own-maximum.ts';
import { watchDisk } from './disk/watch-disk.ts';
import { examineForwarding } from './examine/examine-forwarding.ts';
import type { Forwarding } from './destination.ts';
import { followConfiguration } from './follow-configuration.ts';
import { forwardEverything } from './forward-everything.ts';
import { loadHooks, placeOfHooks } from './hooks/load-hooks.ts';
import { type Hooks, tellingTransfers, useHooks } from './hooks/use-hooks.ts';
import { joinWork } from './join-work.ts';
import { ledgerFamily, readFamily } from './ledger-family.ts';
import { openDestinations } from './open-destinations.ts';
import { checkProcessing } from './processing/check-processing.ts';
import { loadProcessing } from './processing/load-processing.ts';
import { forwarderOptions } from './options.ts';
import { type ForwarderOptions, readDestinations } from './read-destinations.ts';
import { showProgress } from './show-progress.ts';
import { reportOn } from './report-on.ts';
import { openTransferLog } from './transfer-log.ts';
import { levelOf } from './unit.ts';
import { watchDestinations } from './watch-destinations.ts';

declare const TOOL_VERSION: string | undefined;

const dayMs = 24 * 60 * 60 * 1000;

/** Forwards what the inbox holds and receives, proves it at each destination, and then deletes it. */
async function runForwarder(
  options: ForwarderOptions,
  context: RunContext,
  given?: ForwarderHooks,
): Promise<RunOutcome> {
  const { log, clock, signal } = context;
  const forwarding = await readDestinations(options);
  await using hooks = await openHooks({ options, forwarding, given, context });
  using transferLog = openTransferLog(options.transferLog, { clock, log });
  const transfers = hooks === undefined ? transferLog : tellingTransfers(transferLog, hooks);
  await using inbox = connectOrthanc(connectionFrom(options, 'source'));
  const system = options.existingChangesOnly
    ? await inbox.system(signal)
    : await patiently(() => inbox.system(signal), context);
  if (system === undefined || signal.aborted) return { exitCode: exitCodes.interrupted, summary: {} };
  checkLabels(forwarding, system);
  warnOfRecycling(system, log);
  const family = ledgerFamily(options, context.stateFolder);
  using inboxLedger = openLedger(family.inbox);
  using deletionLedger = openLedger(family.deletion);
  using watch = watchDestinations(
    forwarding.destinations.map(({ name }) => name),
    context,
  );
  const processingFor = await loadProcessing({ forwarding, hooks, keyPath: family.pseudonymKey });
  await using destinations = openDestinations(forwarding.destinations, {
    inbox,
    family,
    clock,
    watch,
    processingFor,
  });
  await checkProcessing(inbox, destinations.all, signal);
  log.info('ledger.opened', { path: family.inbox, interrupted: inboxLedger.interrupted });
  followConfiguration({ ledger: inboxLedger, family, ...forwarding, log });
  await alarms(destinations.all, context);
  using disk = await watchDisk({
    ...context,
    inbox,
    limit: diskLimit({ ...options, ownMaximum: ownMaximumOf(system) }),
    keepMs: options.keepDays * dayMs,
    keepWhenFullMs: options.keepDaysWhenFull === undefined ? undefined : options.keepDaysWhenFull * dayMs,
    destinations: destinations.all,
    deletionLedger,
  });
  const progress = showProgress({
    ...context,
    inboxLedger,
    deletionLedger,
    destinations: destinations.all,
    notes: [() => watch.note(), () => disk.note()],
    stateOf: (name) => watch.stateOf(name),
  });
  try {
    await forwardEverything({
      ...context,
      inbox,
      level: levelOf[options.trigger],
      ledgers: { inbox: inboxLedger, deletion: deletionLedger },
      destinations: destinations.all,
      urgent: forwarding.urgent,
      retired: forwarding.retired,
      watch,
      transfers,
      hooks,
      schedule: scheduleFromOptions(options),
      ceiling: options.workerThreadsCount,
      maxAttempts: options.maxRetries + 1,
      quietMs: options.quietTime,
      pollEveryMs: options.pollingInterval,
      keepMs: () => disk.keepMs(),
      isFollowing: !options.existingChangesOnly,
    });
  } finally {
    progress.stop();
  }
  return reportOn({
    inboxLedger,
    deletionLedger,
    destinations: destinations.all,
    isInterrupted: signal.aborted,
  });
}

interface HooksRequest {
  readonly options: ForwarderOptions;
  readonly forwarding: Forwarding;
  readonly given: ForwarderHooks | undefined;
  readonly context: RunContext;
}

/** Those that a script has handed over, or those of the module that is named. */
async function openHooks({ options, forwarding, given, context }: HooksRequest): Promise<Hooks | undefined> {
  const place = placeOfHooks(options.hooks, forwarding.hooks);
  const hooks = given ?? (place && (await loadHooks(place)));
  return hooks && useHooks(hooks, { ...context, timeoutMs: options.hookTimeout });
}

export const forwarderTool: Tool<typeof forwarderOptions> = {
  name: 'forwarder',
  command: 'orthanc-forwarder',
  summary:
    'Sends what an Orthanc receives on to other destinations, proves that it arrived, and only then deletes it.',
  version: typeof TOOL_VERSION === 'string' ? TOOL_VERSION : 'development',
  options: forwarderOptions,
  examples: [
    'orthanc-forwarder --source-url http://inbox:8042 --destination pacs --trigger StableStudy',
    'orthanc-forwarder --source-url http://inbox:8042 --destination archive --mode peering --dest-url http://archive:8042 --trigger StableStudy',
    'orthanc-forwarder doctor --source-url http://inbox:8042 --destination pacs --trigger StableStudy',
    'orthanc-forwarder status --source-url http://inbox:8042',
  ],
  notes: [
    'Nothing is deleted at the source before every destination that wants it was asked and holds it; only instances are deleted, never a study with whatever has come meanwhile.',
  ],
  run: (options, context) => runForwarder(options, context),
  doctor: examineForwarding,
  openWork: (options, { stateFolder }) => joinWork(readFamily(ledgerFamily(options, stateFolder))),
};

/** The same, with hooks that a script hands over instead of a module. */
export const forwarderWith = (hooks: ForwarderHooks): typeof forwarderTool => ({
  ...forwarderTool,
  run: (options, context) => runForwarder(options, context, hooks),
});
