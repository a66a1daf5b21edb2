/** What runs within one transaction, in order, with others that came at the same time. */
export interface Task<Prepared, Result> {
  /** Within the transaction, before anything is durable. What it throws ends this task only. */
  prepare(): Prepared;
  /** Once everything is durable. */
  conclude(prepared: Prepared): Result;
}

export interface QueueSettings<Prepared> {
  begin(): void;
  /** What is committed need not be durable yet. */
  commit(): void;
  /** Resolves once all that was committed so far is durable; rejects when that is in doubt. */
  synced(): Promise<void>;
  rollBack(): void;
  /** Runs `work`, and undoes what it did when it throws. */
  guarded<T>(work: () => T): T;
  /** Makes the effects of all durable; rejects when one of them could not be made so. */
  makeDurable(prepared: readonly Prepared[]): Promise<void>;
  readonly mostTasks: number;
}

/** So many failures in a row are of no task. */
const elsewhere = 3;

interface Waiting<Prepared> {
  prepare(): Prepared;
  conclude(prepared: Prepared): void;
  fail(reason: unknown): void;
}

interface Done<Prepared> {
  readonly one: Waiting<Prepared>;
  readonly prepared: Prepared;
}

export interface CommitQueue<Prepared> {
  /** Resolves when what the task did is durable. The tasks take effect in the order of these calls. */
  run<Result>(task: Task<Prepared, Result>): Promise<Result>;
  length(): number;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

/**
 * One commit for all that came while the last one was under way: many senders share a wait for the disk, and none is answered before it. While the disk
 * keeps the commit of a group, the next group is under way. Where the effects of a group cannot be made durable, each task of it is tried by itself, so
 * that the one at fault spoils no other. When several of them fail one after the other the fault lies elsewhere: the rest fails with them, rather than each
 * waiting in turn for what does not answer.
 */
export function commitQueue<Prepared>(settings: QueueSettings<Prepared>): CommitQueue<Prepared> {
  const waiting: Waiting<Prepared>[] = [];
  const syncing = new Set<Promise<void>>();
  let running: Promise<void> | undefined;

  const together = async (group: readonly Waiting<Prepared>[]): Promise<unknown> => {
    settings.begin();
    const done: Done<Prepared>[] = [];
    const refused: { one: Waiting<Prepared>; reason: unknown }[] = [];
    try {
      for (const one of group) {
        try {
          done.push({ one, prepared: settings.guarded(() => one.prepare()) });
        } catch (reason) {
          refused.push({ one, reason });
        }
      }
      await settings.makeDurable(done.map(({ prepared }) => prepared));
      settings.commit();
    } catch (reason) {
      settings.rollBack();
      return reason;
    }
    for (const { one, reason } of refused) one.fail(reason);
    const concluding = conclude(done).finally(() => syncing.delete(concluding));
    syncing.add(concluding);
    return undefined;
  };
  const conclude = async (done: readonly Done<Prepared>[]): Promise<void> => {
    try {
      await settings.synced();
    } catch (reason) {
      for (const { one } of done) one.fail(reason);
      return;
    }
    for (const { one, prepared } of done) one.conclude(prepared);
  };
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting.splice(0, settings.mostTasks);
      if ((await attempt(group)) === undefined) continue;
      let [inARow, last]: [number, unknown] = [0, undefined];
      for (const one of group) {
        const reason = inARow < elsewhere ? await attempt([one]) : last;
        [inARow, last] = reason === undefined ? [0, undefined] : [inARow + 1, reason];
        if (reason !== undefined) one.fail(reason);
      }
    }
  };
  const attempt = async (group: readonly Waiting<Prepared>[]): Promise<unknown> => {
    try {
      return await together(group);
    } catch (reason) {
      return reason ?? new Error('unknown');
    }
  };
  const start = (): void => {
    running ??= Promise.resolve()
      .then(work)
      .finally(() => {
        running = undefined;
        if (waiting.length > 0) start();
      });
  };
  return {
    run: (task) => {
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof task.conclude>>();
      waiting.push({
        prepare: () => task.prepare(),
        conclude: (prepared) => {
          try {
            resolve(task.conclude(prepared));
          } catch (reason) {
            reject(reason as Error);
          }
        },
        fail: reject,
      });
      start();
      return promise;
    },
    length: () => waiting.length,
    idle: async () => {
      while (running !== undefined || syncing.size > 0) await (running ?? Promise.all(syncing));
    },
  };
}
