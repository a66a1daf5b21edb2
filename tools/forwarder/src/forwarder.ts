import { exitCodes } from '@orthanc-tools/failures';
import {
  type Orthanc,
  type Suspects,
  type SystemFacts,
  connectOrthanc,
  connectionFrom,
  firstQuestion,
  noOutages,
} from '@orthanc-tools/orthanc-client';
import { scheduleFromOptions } from '@orthanc-tools/scheduling';
import { type RunContext, type RunOutcome, type Tool, patiently } from '@orthanc-tools/tool-runtime';
import { openLedger } from '@orthanc-tools/work-ledger';
import type { ForwarderHooks } from '../types/hooks.d.ts';
import { alarms } from './alarms.ts';
import { checkFind } from './check-find.ts';
import { checkLabels } from './check-labels.ts';
import { diskLimit } from './disk/disk-limit.ts';
import { ownMaximumOf, warnOfRecycling } from './disk/own-maximum.ts';
import { watchDisk } from './disk/watch-disk.ts';
import { examineForwarding } from './examine/examine-forwarding.ts';
import type { Forwarding } from './destination.ts';
import { followConfiguration } from './follow-configuration.ts';
import { forwardEverything } from './forward-everything.ts';
import { hastening } from './hastening.ts';
import { keepAnew } from './keep-anew.ts';
import { loadHooks, placeOfHooks } from './hooks/load-hooks.ts';
import { type Hooks, tellingTransfers, useHooks } from './hooks/use-hooks.ts';
import { joinWork } from './join-work.ts';
import { identityFor, ledgerFamily, readFamily } from './ledger-family.ts';
import { openDestinations } from './open-destinations.ts';
import { checkProcessing } from './processing/check-processing.ts';
import { loadProcessing } from './processing/load-processing.ts';
import { forwarderOptions } from './options.ts';
import { type ForwarderOptions, readDestinations } from './read-destinations.ts';
import { showProgress } from './show-progress.ts';
import { reportOn } from './report-on.ts';
import { readAddresses } from './routes/route-address.ts';
import { openTransferLog } from './transfer-log.ts';
import { levelOf } from './unit.ts';
import { watchAssurances } from './watch-assurances.ts';
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
  const look = () => firstQuestion(inbox, 'source', () => inbox.system(signal));
  const system = options.existingChangesOnly ? await look() : await patiently(look, context);
  if (system === undefined || signal.aborted) return { exitCode: exitCodes.interrupted, summary: {} };
  checkFind(system);
  checkLabels(forwarding, system);
  warnOfRecycling(system, log);
  const suspects = { servers: [inbox], outages: noOutages() };
  await using work = await openWork({ options, context, forwarding, hooks, inbox, suspects, system });
  await whileShown(work, context, () =>
    forwardEverything({
      ...{ ...context, ...settingsIn(options), ...forwarding, ...work },
      ...{ inbox, suspects, transfers, hooks },
    }),
  );
  return reportOn({
    inboxLedger: work.ledgers.inbox,
    deletionLedger: work.ledgers.deletion,
    destinations: work.destinations,
    isInterrupted: signal.aborted,
  });
}

async function whileShown(work: OpenWork, context: RunContext, forward: () => Promise<void>): Promise<void> {
  const progress = showProgress({
    ...{ ...context, ...work, inboxLedger: work.ledgers.inbox, deletionLedger: work.ledgers.deletion },
    notes: [() => work.watch.note(), () => work.disk.note()],
    stateOf: (name) => work.watch.stateOf(name),
  });
  try {
    await forward();
  } finally {
    progress.stop();
  }
}

const settingsIn = (options: ForwarderOptions) => ({
  level: levelOf[options.trigger],
  schedule: scheduleFromOptions(options),
  ceiling: options.workerThreadsCount,
  maxAttempts: options.maxRetries + 1,
  quietMs: options.quietTime,
  pollEveryMs: options.pollingInterval,
  keepRecordsMs: options.keepRecordsDays * dayMs,
  isFollowing: !options.existingChangesOnly,
});

type OpenWork = Awaited<ReturnType<typeof openWork>>;

interface WorkRequest {
  readonly options: ForwarderOptions;
  readonly context: RunContext;
  readonly forwarding: Forwarding;
  readonly hooks: Hooks | undefined;
  readonly inbox: Orthanc;
  readonly suspects: Suspects;
  readonly system: SystemFacts;
}

/** The ledgers, the destinations and the disk, looked at as far as they can be at the start. */
async function openWork({ options, context, forwarding, hooks, inbox, suspects, system }: WorkRequest) {
  const { log, clock, signal, stateFolder } = context;
  await using opening = new AsyncDisposableStack();
  const family = ledgerFamily(options, stateFolder);
  const ledgers = {
    inbox: opening.use(openLedger(family.inbox, { identity: identityFor('inbox') })),
    deletion: opening.use(openLedger(family.deletion, { identity: identityFor('deletion') })),
  };
  const names = forwarding.destinations.map(({ name }) => name);
  const watch = opening.use(watchDestinations(names, context));
  const hastened = hastening();
  const processingFor = await loadProcessing({ forwarding, hooks, keyPath: family.pseudonymKey });
  const addressOf = await readAddresses(forwarding.destinations, inbox, signal);
  const { all: destinations } = opening.use(
    openDestinations(forwarding.destinations, {
      ...{ inbox, suspects, family, clock, watch, hastening: hastened, processingFor, addressOf },
      ...{ isFollowing: !options.existingChangesOnly, stallLimit: options.jobTimeout },
    }),
  );
  await checkProcessing(inbox, destinations, signal);
  log.info('ledger.opened', { path: family.inbox, interrupted: ledgers.inbox.interrupted });
  followConfiguration({
    ...{ ...forwarding, destinations, ledger: ledgers.inbox, family, log },
    ...{ level: levelOf[options.trigger], hooks },
  });
  keepAnew({ ledger: ledgers.deletion, keepMs: options.keepDays * dayMs, log });
  const assurances = watchAssurances(context);
  await alarms(destinations, { ...context, assurances });
  const disk = opening.use(
    await watchDisk({
      ...{ ...context, inbox, destinations, deletionLedger: ledgers.deletion, hastening: hastened },
      limit: diskLimit({ ...options, ownMaximum: ownMaximumOf(system) }),
      keepMs: options.keepDays * dayMs,
      keepWhenFullMs: options.keepDaysWhenFull === undefined ? undefined : options.keepDaysWhenFull * dayMs,
    }),
  );
  const kept = opening.move();
  return {
    ...{ ledgers, watch, assurances, destinations, disk, hastening: hastened, keepMs: () => disk.keepMs() },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
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
  ownFiles: (options, { stateFolder }) => {
    const { inbox, deletion, pseudonymKey } = ledgerFamily(options, stateFolder);
    return [inbox, deletion, pseudonymKey];
  },
  work: {
    items: ['unit', 'units'],
    parts: ['instance', 'instances'],
    open: (options, { stateFolder }) => joinWork(readFamily(ledgerFamily(options, stateFolder))),
  },
};

/** The same, with hooks that a script hands over instead of a module. */
export const forwarderWith = (hooks: ForwarderHooks): typeof forwarderTool => ({
  ...forwarderTool,
  run: (options, context) => runForwarder(options, context, hooks),
});
