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
  /** Whether there are effects for which `commit` is not enough. */
  reachesOut(prepared: Prepared): boolean;
  /** Makes the effects of all durable; rejects when one of them could not be made so. */
  makeDurable(prepared: readonly Prepared[]): Promise<void>;
  /** Whether a task is to blame for this itself: it says nothing of what the others wait for. */
  isOwnFault(reason: unknown): boolean;
  readonly mostTasks: number;
}

/** After so many failures in a row, none of them a task's own, what all of them wait for is away. */
const mostInARow = 3;

const asReason = (reason: unknown): unknown => reason ?? new Error('unknown');

type MakeDurable<Prepared> = QueueSettings<Prepared>['makeDurable'];

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

/** Works until that has failed several times in a row; then it fails as it did last, rather than wait once more for what does not answer. */
function untilAway<Given, Result>(
  isOwnFault: (reason: unknown) => boolean,
  work: (given: Given) => Promise<Result>,
): (given: Given) => Promise<Result> {
  let [inARow, last]: [number, unknown] = [0, undefined];
  return async (given) => {
    if (inARow >= mostInARow) throw last;
    try {
      const result = await work(given);
      inARow = 0;
      return result;
    } catch (reason) {
      if (!isOwnFault(reason)) [inARow, last] = [inARow + 1, reason];
      throw reason;
    }
  };
}

/** What needs no more than the commit does not share the fate of what does. */
function durableUntilAway<Prepared>({
  makeDurable,
  isOwnFault,
  reachesOut,
}: QueueSettings<Prepared>): MakeDurable<Prepared> {
  const reachOut = untilAway(isOwnFault, makeDurable);
  return async (prepared) => {
    if (prepared.some(reachesOut)) await reachOut(prepared);
  };
}

/**
 * One commit for all that came while the last one was under way: many senders share a wait for the disk, and none is answered before it. While the disk
 * keeps the commit of a group, the next group is under way. Where the effects of a group cannot be made durable, its tasks are taken one by one, so that
 * the one at fault spoils no other; once several have failed in a row by no fault of their own, those that would wait for the same fail with them.
 */
export function commitQueue<Prepared>(settings: QueueSettings<Prepared>): CommitQueue<Prepared> {
  const waiting: Waiting<Prepared>[] = [];
  const syncing = new Set<Promise<void>>();
  let running: Promise<void> | undefined;

  /** Resolves with what kept effects from being made durable; rejects where nothing can be committed. */
  const together = async (
    group: readonly Waiting<Prepared>[],
    makeDurable: MakeDurable<Prepared>,
  ): Promise<unknown> => {
    settings.begin();
    const { done, refused } = prepareAll(group);
    try {
      await makeDurable(done.map(({ prepared }) => prepared));
    } catch (reason) {
      settings.rollBack();
      return asReason(reason);
    }
    try {
      settings.commit();
    } catch (reason) {
      settings.rollBack();
      throw reason;
    }
    for (const { one, reason } of refused) one.fail(reason);
    const concluding = conclude(done).finally(() => syncing.delete(concluding));
    syncing.add(concluding);
    return undefined;
  };
  const prepareAll = (group: readonly Waiting<Prepared>[]) => {
    const done: Done<Prepared>[] = [];
    const refused: { one: Waiting<Prepared>; reason: unknown }[] = [];
    for (const one of group) {
      try {
        done.push({ one, prepared: settings.guarded(() => one.prepare()) });
      } catch (reason) {
        refused.push({ one, reason });
      }
    }
    return { done, refused };
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
  const oneByOne = async (group: readonly Waiting<Prepared>[]): Promise<void> => {
    const makeDurable = durableUntilAway(settings);
    const attempt = untilAway(settings.isOwnFault, (one: Waiting<Prepared>) => together([one], makeDurable));
    for (const one of group) {
      const reason = await attempt(one).catch(asReason);
      if (reason !== undefined) one.fail(reason);
    }
  };
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting.splice(0, settings.mostTasks);
      const reason = await together(group, settings.makeDurable).catch(asReason);
      if (reason !== undefined) await oneByOne(group);
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
