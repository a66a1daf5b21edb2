import { asFailure, describeFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import { closeSteps } from './close-steps.ts';
import type { Hl7ServerOptions } from './options.ts';
import type { KnownStep } from './order-book.ts';
import { removeExamined } from './remove-examined.ts';
import type { WorklistOutput } from './worklist-output.ts';
import type { WorklistServer } from './worklist-server.ts';

const everyMs = 60_000;
const replayEveryMs = 1000;
const mostAtOnce = 500;

/** Removes worklists whose time is over. A step without a message for as long as the retention, and scheduled before. */
async function removeOverdue(
  { book, change }: WorklistServer,
  retentionMs: number,
  nowMs: number,
): Promise<number> {
  const before = { startMs: nowMs - retentionMs, writtenMs: nowMs - retentionMs };
  for (let removed = 0; ;) {
    let steps: readonly KnownStep[] = [];
    await change(() => {
      // Read within the task: one that was scheduled anew a moment ago is no longer among them.
      steps = book.overdue(before, mostAtOnce);
      return closeSteps(book, steps, nowMs);
    });
    removed += steps.length;
    if (steps.length < mostAtOnce) return removed;
  }
}

/** A worklist this young may still be on its way to the disk. */
const youngMs = 60_000;

/** What the rounds before have seen. */
export interface Memory {
  missing: ReadonlySet<string>;
  /** Missing since all were at once. */
  vanished: ReadonlySet<string>;
}

/** What keeps names of worklists, seen from here. */
export interface Watched {
  readonly server: {
    readonly book: Pick<WorklistServer['book'], 'open' | 'close'>;
    readonly change: WorklistServer['change'];
  };
  readonly output: Pick<WorklistOutput, 'names'>;
  readonly run: { readonly log: Pick<RunContext['log'], 'warn'> };
}

/**
 * Notes which worklists somebody else has removed: Orthanc does when a study is complete. One must be missing twice; and where all are missing at
 * once, that is a folder out of sight rather than so many studies completed in the same minute.
 */
export async function noteRemoved(
  { server: { book, change }, output, run }: Watched,
  memory: Memory,
  nowMs: number,
): Promise<number> {
  const there = await output.names();
  const open = book.open(nowMs - youngMs);
  const missing = open.filter((name) => !there.has(name));
  const { missing: before, vanished } = memory;
  memory.missing = new Set(missing);
  const areAllMissing = missing.length > 1 && missing.length === open.length;
  memory.vanished = new Set(areAllMissing ? missing : missing.filter((name) => vanished.has(name)));
  if (areAllMissing && vanished.size === 0) run.log.warn('worklists.vanished', { worklists: missing.length });
  const gone = missing.filter((name) => before.has(name) && !memory.vanished.has(name));
  if (gone.length > 0)
    await change(() => {
      for (const name of gone) book.close(name, nowMs - youngMs);
      return [];
    });
  return gone.length;
}

async function forgetOld({ journal, change }: WorklistServer, beforeMs: number): Promise<void> {
  for (let forgotten = mostAtOnce; forgotten >= mostAtOnce;)
    await change(() => {
      forgotten = journal.forget(beforeMs, mostAtOnce);
      return [];
    });
}

export interface House {
  readonly server: WorklistServer;
  readonly output: WorklistOutput;
  /** To be asked which studies are stable. */
  readonly orthanc: Orthanc | undefined;
  readonly options: Pick<Hl7ServerOptions, 'retention' | 'journalRetention' | 'onStable'>;
  readonly run: RunContext;
}

/** An Orthanc that is away holds up nothing else: worklists stay until it answers again. */
async function endExamined({ server, options, orthanc, run }: House, nowMs: number): Promise<number> {
  if (options.onStable !== 'delete' || orthanc === undefined) return 0;
  try {
    return await removeExamined(server, orthanc, { nowMs, signal: run.signal });
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined) throw error;
    run.log.warn('studies.unasked', { code: failure.code, reason: describeFailure(error).message });
    return 0;
  }
}

async function round(house: House, memory: Memory): Promise<void> {
  const { server, options, run } = house;
  const nowMs = run.clock.now().getTime();
  const closed = await noteRemoved(house, memory, nowMs);
  const removed = await removeOverdue(server, options.retention, nowMs);
  await forgetOld(server, nowMs - options.journalRetention);
  const examined = await endExamined(house, nowMs);
  if (closed + removed + examined > 0)
    run.log.info('worklists.removed', { overdue: removed, byOthers: closed, examined });
}

/** Until the signal comes: what has to happen now and then. While the output is away, the server is not ready. */
export async function keepHouse(house: House): Promise<void> {
  const { server, run } = house;
  let awaited: Disposable | undefined;
  const memory: Memory = { missing: new Set(), vanished: new Set() };
  let next = 0;
  while (!run.signal.aborted) {
    const nowMs = run.clock.now().getTime();
    try {
      if (nowMs >= next) {
        next = nowMs + everyMs;
        await round(house, memory);
        awaited?.[Symbol.dispose]();
        awaited = undefined;
      }
      const replayed = await server.replay();
      if (replayed > 0) run.log.info('messages.replayed', { messages: replayed });
    } catch (error) {
      const failure = asFailure(error);
      if (failure === undefined) throw error;
      if (awaited === undefined)
        run.log.warn('worklists.away', { code: failure.code, reason: describeFailure(error).message });
      awaited ??= run.health.awaitServer();
      next = nowMs + replayEveryMs * 5;
    }
    run.health.listeners.onTurn(replayEveryMs);
    await run.clock.sleep(replayEveryMs, run.signal);
  }
  awaited?.[Symbol.dispose]();
}
