import { describe, expect, it } from '@jest/globals';
import { seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type Clock, systemClock } from '@orthanc-tools/scheduling';
import { altered, holdFirst, openScene } from './forward-scene.ts';

const isDeletion = ({ path }: { readonly path: string }) => path === '/tools/bulk-delete';
const overwriting = { configuration: { OverwriteInstances: true } };

describe('a deletion', () => {
  it.each(['StableStudy', 'StableSeries', 'NewInstance'])(
    'spares what arrives in the same study while it is under way, which is forwarded next, on %s',
    async (trigger) => {
      await using scene = await openScene({ seed: 321, studies: 1, withheld: 1, destinations: { pacs: {} } });
      const more = ['--destination=pacs', `--trigger=${trigger}`];
      const deletion = holdFirst(scene.proxy, isDeletion);
      const running = scene.run({ more });
      await deletion.isHeld;
      await seedOrthanc(scene.inbox, scene.files.slice(-1));
      // Other instances may be deleted meanwhile: no count would agree with a list.
      const listed = (await (await fetch(`${scene.inbox.url}/instances`)).json()) as string[];
      const late = listed.filter((id) => !scene.sent.includes(id));
      expect(late).toHaveLength(1);
      deletion.letGo();
      expect((await running).exitCode).toBe(0);
      // A run that takes long forwards it, too.
      expect([late, []]).toContainEqual(await scene.held(scene.inbox));
      expect((await scene.run({ more })).exitCode).toBe(0);
      expect(await scene.held(scene.inbox)).toEqual([]);
      expect(await scene.held(scene.destinations.pacs)).toHaveLength(scene.files.length);
    },
  );

  it('spares what was overwritten after it was proved, while the destination was asked once more', async () => {
    await using scene = await openScene({
      seed: 322,
      studies: 1,
      inbox: overwriting,
      destinations: { pacs: {} },
    });
    let output = '';
    const question = holdFirst(
      scene.proxy,
      ({ path }) => path === '/modalities/pacs/query' && output.includes('unit.forwarded'),
    );
    const more = ['--destination=pacs', '--trigger=StableStudy'];
    const running = scene.run({ more, onOutput: (stdout) => (output = stdout) });
    await question.isHeld;
    await seedOrthanc(scene.inbox, [altered(scene.files[0])]);
    question.letGo();
    await running;
    expect(await scene.held(scene.inbox)).toHaveLength(1);
    // What the destination holds is the version before: nobody can say so by C-FIND, and nothing is deleted on it.
    const { exitCode, setAside } = await scene.run({ more });
    expect([exitCode, setAside.map(({ code }) => code)]).toEqual([3, ['HELD_BEFORE']]);
    expect(await scene.held(scene.inbox)).toHaveLength(1);
  });

  it('spares what another destination has come to want while the first one was asked once more', async () => {
    const destinations = { pacs: {}, second: {} };
    await using scene = await openScene({ seed: 325, studies: 1, withheld: 1, destinations });
    const { inbox, proxy } = scene;
    const file = await scene.destinationsFile({
      destinations: [
        { name: 'pacs', target: 'pacs' },
        { name: 'second', target: 'second', filter: { labels: ['urgent'] } },
      ],
    });
    const ending = new AbortController();
    let output = '';
    const steps = (name: string) => output.split(`"step":"${name}"`).length - 1;
    const question = holdFirst(
      proxy,
      ({ path }) => path === '/modalities/pacs/query' && steps('confirm') > 0,
    );
    const sending = holdFirst(proxy, ({ path }) => path === '/modalities/second/store');
    const { promise: isAdmitted, resolve: noteAdmitted } = Promise.withResolvers<undefined>();
    const running = scene.run({
      more: [file, '--trigger=StableStudy', '--log-level=debug', '--polling-interval=100ms'],
      isFollowing: true,
      signal: ending.signal,
      onOutput: (stdout) => {
        output = stdout;
        if (steps('answer for admission') > 1) noteAdmitted(undefined);
        if (steps('answer for the deletion') > 0) sending.letGo();
        if (deletedIn(output) === 6) ending.abort();
      },
    });
    await question.isHeld;
    const [study] = (await (await fetch(`${inbox.url}/studies`)).json()) as string[];
    await fetch(`${inbox.url}/studies/${study ?? ''}/labels/urgent`, { method: 'PUT' });
    await seedOrthanc(inbox, scene.files.slice(-1));
    await isAdmitted;
    question.letGo();
    await running;
    expect(await scene.held(scene.destinations.second)).toHaveLength(6);
    expect(await scene.held(inbox)).toEqual([]);
  });

  it('spares what was overwritten while it was kept for some days', async () => {
    await using scene = await openScene({
      seed: 323,
      studies: 1,
      inbox: overwriting,
      destinations: { archive: {} },
    });
    const { archive } = scene.destinations;
    const more = ['--mode=peering', '--destination=archive', `--dest-url=${archive.url}`];
    await scene.run({ more: [...more, '--trigger=StableStudy', '--keep-days=1'] });
    await seedOrthanc(scene.inbox, [altered(scene.files[0])]);
    const { exitCode, setAside } = await scene.run({
      more: [...more, '--trigger=StableStudy'],
      clock: daysLater(2),
    });
    expect([exitCode, setAside.map(({ code }) => code)]).toEqual([3, ['CONTENT_CONFLICT']]);
    expect(await scene.held(scene.inbox)).toHaveLength(1);
  });

  it('asks a destination once about the instances of a series that go one by one', async () => {
    const shape = { seriesPerStudy: 1, instancesPerSeries: 20 };
    await using scene = await openScene({ seed: 325, studies: 1, shape, destinations: { pacs: {} } });
    const { exitCode } = await scene.run({
      more: ['--destination=pacs', '--trigger=NewInstance', '--worker-threads-count=1'],
    });
    expect(exitCode).toBe(0);
    expect(await scene.held(scene.inbox)).toEqual([]);
    const questions = scene.proxy.requests.filter(({ path }) => path === '/modalities/pacs/query');
    expect(questions.length).toBeLessThan(scene.sent.length / 2);
  });

  it('comes by the number of days that holds now, also for what was proved before', async () => {
    await using scene = await openScene({ seed: 328, studies: 1, destinations: { pacs: {} } });
    const run = (days: number, clock: Clock = systemClock) =>
      scene.run({
        more: ['--destination=pacs', '--trigger=StableStudy', `--keep-days=${String(days)}`],
        clock,
      });
    await run(3);
    await run(30, daysLater(4));
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    await run(0, daysLater(4));
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('waits for what the destination has lost, which is sent again by the same run', async () => {
    await using scene = await openScene({ seed: 326, studies: 1, destinations: { archive: {}, other: {} } });
    const { archive } = scene.destinations;
    const { promise: isForwarded, resolve: tellForwarded } = Promise.withResolvers<undefined>();
    // Nothing is asked once more before the other has it too.
    const order = holdFirst(scene.proxy, ({ path }) => path === '/modalities/other/store');
    const file = await scene.destinationsFile({
      destinations: [
        { name: 'archive', mode: 'peering', target: 'archive', url: archive.url },
        { name: 'other', target: 'other' },
      ],
    });
    const running = scene.run({
      more: [file, '--trigger=StableStudy'],
      onOutput: (stdout) => {
        if (stdout.includes('"unit.forwarded"')) tellForwarded(undefined);
      },
    });
    await Promise.all([order.isHeld, isForwarded]);
    await fetch(`${archive.url}/instances/${scene.sent[0] ?? ''}`, { method: 'DELETE' });
    order.letGo();
    const { exitCode, summary } = await running;
    expect([exitCode, summary['waitingUnits']]).toEqual([0, 0]);
    expect(await scene.held(archive)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('waits for somebody where the destination has lost again and again what was proved there', async () => {
    await using scene = await openScene({ seed: 327, studies: 1, destinations: { archive: {} } });
    const { archive } = scene.destinations;
    const run = async (days: number) => {
      const more = ['--mode=peering', '--destination=archive', `--dest-url=${archive.url}`];
      return scene.run({ more: [...more, '--trigger=StableStudy', '--keep-days=3'], clock: daysLater(days) });
    };
    const purge = async () => {
      for (const id of await scene.held(archive))
        await fetch(`${archive.url}/instances/${id}`, { method: 'DELETE' });
    };
    await run(0);
    for (const days of [4, 8]) {
      await purge();
      const { exitCode, stdout } = await run(days);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/"level":"warn".*"event":"destination.lost".*"instances":6/);
      expect(await scene.held(archive)).toEqual(scene.sent);
    }
    await purge();
    const { exitCode, setAside } = await run(12);
    expect([exitCode, setAside.map(({ code }) => code)]).toEqual([3, ['LOST_AGAIN']]);
    expect(await scene.held(archive)).toEqual([]);
    expect((await scene.run({ command: ['requeue', '--all'] })).exitCode).toBe(0);
    expect((await run(12)).exitCode).toBe(0);
    expect(await scene.held(archive)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('of nothing that the destination holds in an older version', async () => {
    await using scene = await openScene({ seed: 324, studies: 1, destinations: { archive: {} } });
    const { archive } = scene.destinations;
    await seedOrthanc(archive, scene.files.map(altered));
    const { exitCode, setAside, transfers } = await scene.run({
      more: ['--mode=peering', '--destination=archive', `--dest-url=${archive.url}`, '--trigger=StableStudy'],
    });
    expect([exitCode, setAside.map(({ code }) => code)]).toEqual([3, ['CONTENT_CONFLICT']]);
    expect(transfers).toEqual([]);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    expect(scene.proxy.requests.some(isDeletion)).toBe(false);
  });
});

const deletedIn = (output: string): number =>
  [...output.matchAll(/"event":"unit.deleted".*?"deleted":(\d+)/g)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );

const dayMs = 24 * 60 * 60 * 1000;

const daysLater = (days: number): Clock => ({
  ...systemClock,
  now: () => new Date(systemClock.now().getTime() + days * dayMs),
});
