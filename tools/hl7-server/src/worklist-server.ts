import { asFailure, describeFailure, transientFailure } from '@orthanc-tools/failures';
import { type Hl7Message, hl7Failure } from '@orthanc-tools/hl7-messages';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { OwnStore, Store } from '@orthanc-tools/work-ledger';
import { type Handled, type MessageFacts, messageAnswerer } from './answer-messages.ts';
import { type Applied, type ApplyContext, applyPlans } from './apply-plan.ts';
import { type CommitQueue, commitQueue } from './commit-queue.ts';
import { fallbackCharset } from './fallback-charset.ts';
import { type Journal, type JournalEntry, type JournalRow, journalOver } from './journal.ts';
import type { Hl7ServerOptions } from './options.ts';
import { type OrderBook, orderBook } from './order-book.ts';
import { applyPatientUpdates, isPatientUpdate, planPatientUpdates } from './patient-update.ts';
import { planMessage } from './plan-message.ts';
import type { Profile } from './profile.ts';
import { isReport, planReport, storeReport } from './store-report.ts';
import type { WorklistChange, WorklistOutput } from './worklist-output.ts';

export interface WorklistServerSetup {
  readonly options: Hl7ServerOptions;
  readonly profile: Profile;
  readonly store: OwnStore;
  readonly output: WorklistOutput;
  /** For reports; the one that keeps worklists, where it does. */
  readonly orthanc: Orthanc | undefined;
  readonly run: RunContext;
}

interface Prepared {
  readonly changes: readonly WorklistChange[];
}

interface PreparedMessage extends Prepared {
  readonly handled: Handled;
}

/** How a message stands in the journal: anew, or in place of what became of it the time before. */
interface Recording {
  /** What was answered to the same message, where it is not to be applied again. */
  earlier(entry: JournalEntry): readonly Uint8Array[] | undefined;
  write(entry: JournalEntry): void;
}

interface Given {
  readonly message: Hl7Message;
  readonly entry: JournalEntry;
  readonly recording: Recording;
}

/** Takes messages, however they come, and makes worklists of them. */
export interface WorklistServer {
  readonly answerer: ReturnType<typeof messageAnswerer>;
  readonly book: OrderBook;
  readonly journal: Journal;
  readonly queue: CommitQueue<Prepared>;
  /** Applies a message of the journal again. */
  replay(): Promise<number>;
  /** Runs within the transaction of the queue, and then makes the changes of worklists. */
  change(prepare: () => readonly WorklistChange[]): Promise<void>;
  readonly totals: Record<string, number>;
}

const mostTogether = 256;

type StatementRunner = ReturnType<Store['database']['prepare']>;

/** The last change of each worklist: what several messages of a group did to one is done once. */
function lastChanges(prepared: readonly Prepared[]): WorklistChange[] {
  return [
    ...new Map(prepared.flatMap(({ changes }) => changes).map((change) => [change.name, change])).values(),
  ];
}

function queueOver({ store, output }: WorklistServerSetup): CommitQueue<Prepared> {
  const { database } = store;
  const run = (sql: string) => store.named(() => database.exec(sql));
  // For each message: prepared, as to read a statement takes longer than to run these.
  const [savepoint, release] = ['SAVEPOINT task', 'RELEASE task'].map((sql) => database.prepare(sql)) as [
    StatementRunner,
    StatementRunner,
  ];
  return commitQueue<Prepared>({
    mostTasks: mostTogether,
    begin: () => {
      store.clearDoubt();
      run('BEGIN IMMEDIATE');
    },
    commit: () => run('COMMIT'),
    synced: () => store.synced(),
    rollBack: () => {
      // SQLite may have rolled back by itself, as it does when the disk is full.
      if (database.isTransaction) database.exec('ROLLBACK');
    },
    guarded(work) {
      // What SQLite has rolled back by itself, as it does when the disk is full, took the others of the group with it.
      if (!database.isTransaction)
        throw transientFailure('JOURNAL_ROLLED_BACK', 'The journal lost what was to be written together.', {
          scope: 'run',
        });
      store.named(() => savepoint.run());
      try {
        const result = store.named(work);
        release.run();
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK TO task; RELEASE task');
        throw error;
      }
    },
    reachesOut: ({ changes }) => changes.length > 0,
    makeDurable: (prepared) => output.apply(lastChanges(prepared)),
    isOwnFault: (reason) => asFailure(reason)?.kind === 'permanent',
  });
}

const isListed = (list: readonly string[], { code, event }: Hl7Message['type']): boolean =>
  list.some((one) => [code, `${code}^${event}`].includes(one.toUpperCase()));

export function openWorklistServer(setup: WorklistServerSetup): WorklistServer {
  const { options, profile, store, run, orthanc } = setup;
  const book = orderBook(store.database);
  const journal = journalOver(store.database);
  const queue = queueOver(setup);
  const totals: Record<string, number> = {};
  const nowMs = () => run.clock.now().getTime();
  const settings = { ...options };

  /** Everything that a message does, and its entry, in one transaction. */
  const inOneGo = (given: Given, apply: (context: ApplyContext) => Applied): Promise<Handled> =>
    queue.run<Handled>({
      prepare(): PreparedMessage {
        const { message, entry, recording } = given;
        const earlierReplies = recording.earlier(entry);
        if (earlierReplies !== undefined)
          return { changes: [], handled: { effects: ['duplicate'], warnings: [], earlierReplies } };
        const terms = message.charset.dicomTerms;
        const { changes, effects, warnings } = apply({
          book,
          nowMs: nowMs(),
          terms,
          onOlder: options.onOlder,
        });
        recording.write(entry);
        return { changes, handled: { effects, warnings } };
      },
      conclude: (prepared) => (prepared as PreparedMessage).handled,
    });
  const without = async (given: Given, effect: 'ignored' | 'stored'): Promise<Handled> => {
    const handled = await inOneGo(given, () => ({ effects: [], changes: [], warnings: [] }));
    return handled.earlierReplies === undefined ? { ...handled, effects: [effect] } : handled;
  };

  async function handle(given: Given): Promise<Handled> {
    const { message } = given;
    const { type } = message;
    const name = `${type.code}^${type.event}`;
    refuseTests(message);
    if (profile.orders.includes(name)) {
      const plans = planMessage(message, { profile, settings, now: run.clock.now() });
      return await inOneGo(given, (context) => applyPlans(plans, context));
    }
    if (options.patientUpdates && isPatientUpdate(message)) {
      const updates = planPatientUpdates(message, profile);
      return await inOneGo(given, (context) => applyPatientUpdates(updates, context));
    }
    if (options.reports && orthanc !== undefined && isReport(message)) return await storeOnce(given, orthanc);
    if (isListed(options.ignore ?? [], type)) return await without(given, 'ignored');
    const isKnown = profile.orders.some((one) => one.startsWith(`${type.code}^`));
    throw hl7Failure(isKnown ? 'eventCode' : 'messageType', `Messages of this type are not taken here.`, {
      segment: 'MSH',
      field: 9,
      ...(isKnown && { component: 2 }),
    });
  }

  /** Equal reports, on several connections or sent again while the first is under way, one after the other. */
  const storing = new Map<string, Promise<unknown>>();
  async function storeOnce(given: Given, server: Orthanc): Promise<Handled> {
    const key = Buffer.from(given.entry.digest).toString('hex');
    const mine = (storing.get(key) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => storeNow(given, server));
    storing.set(key, mine);
    try {
      return await mine;
    } finally {
      if (storing.get(key) === mine) storing.delete(key);
    }
  }

  async function storeNow(given: Given, server: Orthanc): Promise<Handled> {
    const { message, entry, recording } = given;
    const report = planReport(message, profile, options.reportTitle);
    if (recording.earlier(entry) === undefined) await storeReport(report, entry.digest, server);
    return await without(given, 'stored');
  }

  function refuseTests({ header }: Hl7Message): void {
    const id = header.field(11).split(header.separators.component)[0]?.trim().toUpperCase() ?? '';
    if (options.refuseTests && ['T', 'D'].includes(id))
      throw hl7Failure('processingId', 'Messages for training and debugging are not taken here.', {
        segment: 'MSH',
        field: 11,
      });
  }

  function tell({ outcome, effects, warnings, durationMs, ...facts }: MessageFacts): void {
    const words = effects.length > 0 ? effects : [outcome];
    for (const word of words) {
      run.metrics.countItem(word);
      totals[word] = (totals[word] ?? 0) + 1;
    }
    run.metrics.observeItemSeconds(durationMs / 1000);
    run.metrics.setBacklog(queue.length(), 0);
    const isTrouble = outcome === 'failed' || outcome === 'refused' || warnings.length > 0;
    const counted = Object.fromEntries(
      [...Map.groupBy(effects, (one) => one)].map(([one, all]) => [one, all.length]),
    );
    run.log[isTrouble ? 'warn' : 'info'](`message.${outcome}`, {
      ...facts,
      durationMs,
      ...counted,
      ...(warnings.length > 0 && { warnings: [...new Set(warnings)] }),
    });
  }

  const record = async (entry: JournalEntry, write: Recording['write']): Promise<void> => {
    try {
      await queue.run({
        prepare: () => {
          write(entry);
          return { changes: [] };
        },
        conclude: () => undefined,
      });
    } catch (error) {
      run.log.error('journal.unwritten', {
        code: asFailure(error)?.code ?? 'DEFECT',
        reason: describeFailure(error).message,
      });
    }
  };

  const common = {
    fallback: fallbackCharset(options.encoding),
    forceOriginal: options.forceOriginalMode,
    onFailure: options.onFailure,
    now: () => run.clock.now(),
    tell,
  };
  const change = (prepare: () => readonly WorklistChange[]): Promise<void> =>
    queue.run({ prepare: () => ({ changes: prepare() }), conclude: () => undefined });

  // Without a number of its own a message may well be another one of the same words: a new order after a cancelled one.
  const fresh: Recording = {
    earlier: ({ controlId, digest }) => (controlId === '' ? undefined : journal.repliesTo(digest)),
    write: journal.add,
  };
  const replayOne = async ({ id, outcome, address, content }: JournalRow): Promise<void> => {
    const write = (entry: JournalEntry) => journal.replace(id, entry);
    // What its sender repeated with success must not be done once more after all that came since.
    const earlier: Recording['earlier'] = ({ digest }) => {
      const replies = outcome === 'applied' ? undefined : journal.repliesTo(digest);
      if (replies !== undefined) journal.settle(id);
      return replies;
    };
    const answerer = messageAnswerer({
      ...common,
      handle: (message, entry) => handle({ message, entry, recording: { earlier, write } }),
      record: (entry) => record(entry, write),
    });
    // How it ends stands in the journal; there is nobody to answer.
    await answerer.answer({ bytes: Buffer.from(content), address }).catch(() => undefined);
  };
  return {
    answerer: messageAnswerer({
      ...common,
      handle: (message, entry) => handle({ message, entry, recording: fresh }),
      record: (entry) => record(entry, journal.add),
    }),
    book,
    journal,
    queue,
    totals,
    change,
    async replay() {
      const wanted = journal.wanted(100);
      for (const row of wanted) await replayOne(row);
      return wanted.length;
    },
  };
}
