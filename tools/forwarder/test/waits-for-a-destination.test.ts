import { describe, expect, it } from '@jest/globals';
import { seedOrthanc, startFaultProxy } from '@orthanc-tools/orthanc-testbed';
import { type Clock, systemClock } from '@orthanc-tools/scheduling';
import { openScene } from './forward-scene.ts';

describe('a destination that is down', () => {
  it('holds up no other, costs no study an attempt, and is told of once', async () => {
    await using scene = await openScene({ seed: 341, studies: 4, destinations: { up: {}, down: {} } });
    const { up, down } = scene.destinations;
    await down.stop();
    const starting: Promise<void>[] = [];
    let told = '';
    const run = await scene.run({
      more: ['--destination=down,up', '--trigger=StableStudy', '--max-retries=0'],
      onOutput: (stdout) => {
        told = stdout;
        const areAtTheOther = told.split(/"unit.forwarded".*"destination":"up"/).length > 4;
        if (starting.length === 0 && areAtTheOther && told.includes('"destination.down"'))
          starting.push(down.start());
      },
    });
    await Promise.all(starting);
    expect(run.exitCode).toBe(0);
    expect(run.stdout.split('"event":"destination.down"')).toHaveLength(2);
    expect(run.stdout.split('"event":"destination.up"')).toHaveLength(2);
    expect(run.stdout).not.toContain('"event":"tool.paused"');
    expect(await scene.held(up)).toEqual(scene.sent);
    expect(await scene.held(down)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('ends the run when it refuses us and is the only one, and holds up no other where there are several', async () => {
    await using scene = await openScene({ seed: 342, destinations: { up: {}, locked: {} } });
    const { up, locked } = scene.destinations;
    await using gate = await startFaultProxy(locked.url);
    gate.addFault({ effect: 'answer', status: 401 });
    const refusing = { name: 'locked', mode: 'orthanc', url: gate.url };
    const alone = await scene.run({
      more: [await scene.destinationsFile({ destinations: [refusing] }), '--trigger=StableStudy'],
    });
    expect(alone.exitCode).toBe(2);
    const both = await scene.run({
      more: [
        await scene.destinationsFile({ destinations: [refusing, { name: 'up', target: 'up' }] }),
        '--trigger=StableStudy',
      ],
      onOutput: (stdout) => {
        const isForwarded = stdout.split(/"unit.forwarded".*"destination":"up"/).length > 2;
        if (isForwarded && stdout.includes('"destination.down"')) void gate.clear();
      },
    });
    expect(both.exitCode).toBe(0);
    expect(both.stdout).toContain('"destination.misconfigured"');
    expect(await scene.held(up)).toEqual(scene.sent);
    expect(await scene.held(locked)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('is warned of as soon as it answers, where it gives no proof', async () => {
    await using scene = await openScene({
      seed: 346,
      studies: 2,
      destinations: { pacs: { behaviour: 'store-only' } },
    });
    const { pacs } = scene.destinations;
    await pacs.stop();
    let isStarted = false;
    const { exitCode, stdout, summary } = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy'],
      onOutput: (output) => {
        if (isStarted || !output.includes('"destination.away"')) return;
        isStarted = true;
        void pacs.start();
      },
    });
    expect(exitCode).toBe(0);
    expect(stdout.split('"event":"destination.unprovable"')).toHaveLength(2);
    expect(summary).toMatchObject({ sentUnprovedUnits: 2, deletedInstances: 0 });
  });

  it('is asked about what was sent before it could be asked, and is sent nothing of it again', async () => {
    await using scene = await openScene({
      seed: 347,
      studies: 2,
      destinations: { pacs: { behaviour: 'store-only' }, asked: {} },
    });
    const { inbox, proxy, destinations } = scene;
    const more = ['--destination=pacs', '--trigger=StableStudy', '--verify=count'];
    expect((await scene.run({ more })).summary).toMatchObject({ sentUnprovedUnits: 2 });
    // The same modality, as it answers from now on.
    await seedOrthanc(destinations.asked, scene.files);
    const configuration = await (await fetch(`${inbox.url}/modalities/asked/configuration`)).text();
    await fetch(`${inbox.url}/modalities/pacs`, { method: 'PUT', body: configuration });
    proxy.forget();
    const { exitCode, summary } = await scene.run({ more });
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ sentUnprovedUnits: 0, forwardedUnits: 2 });
    expect(proxy.requests.some(({ path }) => path.endsWith('/store'))).toBe(false);
    expect(await scene.held(inbox)).toEqual([]);
  });

  it('is told of once where deletions wait for it, which are not asked about at once again', async () => {
    await using scene = await openScene({ seed: 344, studies: 1, destinations: { archive: {} } });
    await using link = await startFaultProxy(scene.destinations.archive.url);
    let answerAgain: (() => void) | undefined;
    const { exitCode, stdout } = await scene.run({
      more: [
        ...['--destination=archive', '--mode=peering', `--dest-url=${link.url}`],
        '--trigger=StableStudy',
      ],
      onOutput: (output) => {
        if (output.includes('"deletion.waits"')) answerAgain?.();
        else if (output.includes('"unit.forwarded"'))
          answerAgain ??= link.addFault({
            effect: 'answer',
            status: 503,
            matching: ({ path }) => path === '/tools/find',
          });
      },
    });
    expect(exitCode).toBe(0);
    expect(stdout.split('"event":"deletion.waits"')).toHaveLength(2);
    expect(link.faultCount('answer')).toBe(1);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('is told of by the name of the study about which it cannot be asked, although it answers', async () => {
    await using scene = await openScene({ seed: 347, studies: 1, destinations: { archive: {} } });
    await using link = await startFaultProxy(scene.destinations.archive.url);
    const { exitCode, stdout, summary, setAsideHere } = await scene.run({
      more: [
        ...['--destination=archive', '--mode=peering', `--dest-url=${link.url}`],
        ...['--trigger=StableStudy', '--max-retries=2'],
      ],
      onOutput: (output) => {
        if (output.includes('"unit.forwarded"') && link.faultCount('answer') === 0)
          link.addFault({
            effect: 'answer',
            status: 500,
            matching: ({ path }) => path === '/tools/find',
          });
      },
    });
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/"unit.set_aside".*"stage":"deletion"/);
    expect(summary).toMatchObject({ setAsideUnits: 1, waitingDeletions: 0 });
    expect(setAsideHere).toMatchObject([{ code: 'ORTHANC_SERVER_ERROR' }]);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  describe('that answers and takes nothing', () => {
    it('is told of, and costs no study an attempt', async () => {
      await using scene = await openRefusingScene(345, 8);
      const { archive } = scene.destinations;
      const run = await scene.forward((output) => {
        // With others and alone each study makes two faults at most, each time: this is more than twice for one of them.
        if (output.includes('"destination.down"') && scene.link.faultCount('answer') > 8 * 2 * 2)
          void scene.link.clear();
      });
      expect(run).toMatchObject({ exitCode: 0, setAside: [] });
      expect(run.stdout.split('"event":"destination.down"')).toHaveLength(2);
      expect(run.stdout.split('"event":"destination.up"')).toHaveLength(2);
      expect(await scene.held(archive)).toEqual(scene.sent);
      expect(await scene.held(scene.inbox)).toEqual([]);
    });

    it('does not keep a run from its end where nothing else is left that might get through', async () => {
      await using scene = await openRefusingScene(346, 4);
      const run = await scene.forward();
      expect([run.exitCode, run.setAside.length]).toEqual([3, 4]);
      expect(await scene.held(scene.inbox)).toEqual(scene.sent);
    });
  });
});

/** An Orthanc that refuses whatever it is sent, for reasons that may pass, until the link to it is cleared. */
async function openRefusingScene(seed: number, studies: number) {
  await using opening = new AsyncDisposableStack();
  const shape = { seriesPerStudy: 1, instancesPerSeries: 1 };
  const scene = opening.use(await openScene({ seed, studies, shape, destinations: { archive: {} } }));
  const link = opening.use(await startFaultProxy(scene.destinations.archive.url));
  link.addFault({
    effect: 'answer',
    status: 500,
    matching: ({ method, path }) => method === 'POST' && path === '/instances',
  });
  const stack = opening.move();
  return {
    ...{ ...scene, link },
    /** No study is tried again before all have come and four have failed, however slow the machine is. */
    forward: (onOutput: (output: string) => void = () => undefined) => {
      const { promise: until, resolve: letGo } = Promise.withResolvers<undefined>();
      const matching = ({ path }: { readonly path: string }) => /^\/instances\/[^/]+\/file/.test(path);
      scene.proxy.addFault({ effect: 'hold', until, matching });
      const clock = pacedClock();
      return scene.run({
        more: [
          ...['--destination=archive', '--mode=orthanc', `--dest-url=${link.url}`],
          ...['--trigger=StableStudy', '--max-retries=1', '--log-level=debug'],
        ],
        clock,
        onOutput: (output) => {
          if (output.includes('"destination.down"')) clock.go(100);
          else if (unitsIn(output, 'answer for admission') === studies) {
            clock.go(0);
            letGo(undefined);
          }
          onOutput(output);
        },
      });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** How many units have come to this step. */
const unitsIn = (output: string, step: string): number =>
  output
    .split('\n')
    .filter((line) => line.includes(`"step":"${step}"`))
    .reduce((sum, line) => sum + (JSON.parse(line) as { units: number }).units, 0);

/** A clock on which time passes as fast as it is told: not at all, or so that pauses of minutes are soon over. */
function pacedClock(): Clock & { go(speed: number): void } {
  let [speed, since, then] = [1, Date.now(), Date.now()];
  const now = () => then + (Date.now() - since) * speed;
  return {
    now: () => new Date(now()),
    async sleep(ms, signal) {
      for (const until = now() + ms; now() < until && signal?.aborted !== true;)
        await systemClock.sleep(lookEveryMs, signal);
    },
    go(next) {
      [then, since, speed] = [now(), Date.now(), next];
    },
  };
}

/** So often somebody who sleeps looks at the clock. */
const lookEveryMs = 10;
