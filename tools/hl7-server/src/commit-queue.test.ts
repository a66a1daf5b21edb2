import { expect, it } from '@jest/globals';
import { commitQueue } from './commit-queue.ts';

/** A queue over a disk that keeps a commit when the test says so. */
function queueOnSlowDisk() {
  const told: string[] = [];
  const syncs: PromiseWithResolvers<undefined>[] = [];
  const queue = commitQueue<string>({
    mostTasks: 10,
    begin: () => told.push('begin'),
    commit: () => told.push('commit'),
    rollBack: () => told.push('roll back'),
    guarded: (work) => work(),
    synced: async () => {
      const sync = Promise.withResolvers<undefined>();
      syncs.push(sync);
      await sync.promise;
    },
    makeDurable: (prepared) => {
      told.push(`durable: ${prepared.join(' ')}`);
      return prepared.includes('unwritable') ? Promise.reject(new Error('full')) : Promise.resolve();
    },
  });
  const run = (name: string) =>
    queue.run({
      prepare: () => {
        if (name === 'refused') throw new Error('refused');
        return name;
      },
      conclude: (prepared) => {
        told.push(`concluded ${prepared}`);
        return prepared;
      },
    });
  const committed = async (count: number) => {
    while (syncs.length < count) await new Promise(setImmediate);
  };
  return { told, syncs, queue, run, committed };
}

it('concludes nothing before the disk has kept the commit', async () => {
  const { told, syncs, run, committed } = queueOnSlowDisk();
  const first = run('a');
  await committed(1);
  expect(told).toEqual(['begin', 'durable: a', 'commit']);
  syncs[0]?.resolve(undefined);
  await expect(first).resolves.toBe('a');
});

it('has the next group under way while the disk keeps the one before', async () => {
  const { told, syncs, run, committed } = queueOnSlowDisk();
  const first = run('a');
  await committed(1);
  const second = run('b');
  await committed(2);
  expect(told.filter((word) => word.startsWith('concluded'))).toEqual([]);
  expect(told.filter((word) => word === 'commit')).toHaveLength(2);
  for (const sync of syncs) sync.resolve(undefined);
  await expect(Promise.all([first, second])).resolves.toEqual(['a', 'b']);
});

it('fails what the disk has not kept, and takes what comes afterwards', async () => {
  const { syncs, run, committed } = queueOnSlowDisk();
  const lost = expect(run('a')).rejects.toThrow('EIO');
  await committed(1);
  syncs[0]?.reject(new Error('EIO'));
  await lost;
  const later = run('b');
  await committed(2);
  syncs[1]?.resolve(undefined);
  await expect(later).resolves.toBe('b');
});

it('tries each by itself where a group cannot be written', async () => {
  const { syncs, run, committed } = queueOnSlowDisk();
  const results = ['a', 'unwritable', 'b', 'refused'].map((name) => run(name).catch(String));
  await committed(2);
  for (const sync of syncs) sync.resolve(undefined);
  await expect(Promise.all(results)).resolves.toEqual(['a', 'Error: full', 'b', 'Error: refused']);
});

it('tries no more by themselves when one after the other fails: what they wait for is away', async () => {
  const { told, run } = queueOnSlowDisk();
  const all = Array.from({ length: 9 }, () => expect(run('unwritable')).rejects.toThrow('full'));
  await Promise.all(all);
  // All together, and three alone.
  expect(told.filter((word) => word === 'begin')).toHaveLength(4);
});

it('is idle only when everything is concluded', async () => {
  const { told, syncs, queue, run, committed } = queueOnSlowDisk();
  void run('a');
  await committed(1);
  const idle = queue.idle().then(() => told.push('idle'));
  syncs[0]?.resolve(undefined);
  await idle;
  expect(told.slice(-2)).toEqual(['concluded a', 'idle']);
});
