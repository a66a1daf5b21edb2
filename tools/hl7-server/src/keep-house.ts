import { asFailure, describeFailure } from '@orthanc-tools/failures';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { Hl7ServerOptions } from './options.ts';
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
    const steps = book.overdue(before, mostAtOnce);
    if (steps.length === 0) return removed;
    await change(() =>
      steps.map((step) => {
        book.put({ ...step, state: 'closed', writtenAt: nowMs });
        return { name: step.name, worklist: undefined };
      }),
    );
    removed += steps.length;
  }
}

/** A worklist this young may still be on its way to the disk. */
const youngMs = 60_000;

/** Notes which worklists somebody else has removed: Orthanc does when a study is complete. */
async function noteRemoved(
  { book, change }: WorklistServer,
  output: WorklistOutput,
  nowMs: number,
): Promise<number> {
  const there = await output.names();
  const gone = book.open(nowMs - youngMs).filter((name) => !there.has(name));
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
  readonly options: Pick<Hl7ServerOptions, 'retention' | 'journalRetention'>;
  readonly run: RunContext;
}

async function round({ server, output, options, run }: House): Promise<void> {
  const nowMs = run.clock.now().getTime();
  const closed = await noteRemoved(server, output, nowMs);
  const removed = await removeOverdue(server, options.retention, nowMs);
  await forgetOld(server, nowMs - options.journalRetention);
  if (closed + removed > 0) run.log.info('worklists.removed', { overdue: removed, byOthers: closed });
}

/** Until the signal comes: what has to happen now and then. While the output is away, the server is not ready. */
export async function keepHouse(house: House): Promise<void> {
  const { server, run } = house;
  let awaited: Disposable | undefined;
  let next = 0;
  while (!run.signal.aborted) {
    const nowMs = run.clock.now().getTime();
    try {
      if (nowMs >= next) {
        next = nowMs + everyMs;
        await round(house);
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
