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
    reachesOut: (prepared) => prepared !== 'journal only',
    makeDurable: (prepared) => {
      told.push(`durable: ${prepared.join(' ')}`);
      if (prepared.includes('unwritable')) return Promise.reject(new Error('full'));
      return prepared.includes('wrong') ? Promise.reject(new Error('its own')) : Promise.resolve();
    },
    isOwnFault: (reason) => (reason as Error).message === 'its own',
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
  expect(told.filter((word) => word.startsWith('durable'))).toHaveLength(4);
});

it('keeps what needs the journal alone while the rest is away, and refuses for its own reason what is wrong', async () => {
  const { told, syncs, run, committed } = queueOnSlowDisk();
  const names = ['unwritable', 'unwritable', 'unwritable', 'journal only', 'refused', 'a', 'journal only'];
  const results = names.map((name) => run(name).catch(String));
  await committed(3);
  for (const sync of syncs) sync.resolve(undefined);
  const full = 'Error: full';
  await expect(Promise.all(results)).resolves.toEqual([
    ...[full, full, full, 'journal only', 'Error: refused', full, 'journal only'],
  ]);
  expect(told.filter((word) => word.startsWith('durable'))).toHaveLength(4);
});

it('takes what comes after tasks that fail by their own fault, however many they are', async () => {
  const { syncs, run, committed } = queueOnSlowDisk();
  const results = ['wrong', 'wrong', 'wrong', 'wrong', 'a', 'b'].map((name) => run(name).catch(String));
  await committed(2);
  for (const sync of syncs) sync.resolve(undefined);
  const own = 'Error: its own';
  await expect(Promise.all(results)).resolves.toEqual([own, own, own, own, 'a', 'b']);
});

it('does not wait again and again for a journal that nothing can be written to', async () => {
  let begun = 0;
  const queue = commitQueue<string>({
    mostTasks: 10,
    begin: () => {
      begun += 1;
      throw new Error('locked');
    },
    commit: () => undefined,
    rollBack: () => undefined,
    guarded: (work) => work(),
    synced: () => Promise.resolve(),
    reachesOut: () => false,
    makeDurable: () => Promise.resolve(),
    isOwnFault: () => false,
  });
  const run = () => queue.run({ prepare: () => 'a', conclude: (prepared) => prepared });
  await Promise.all(Array.from({ length: 9 }, () => expect(run()).rejects.toThrow('locked')));
  expect(begun).toBe(4);
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
