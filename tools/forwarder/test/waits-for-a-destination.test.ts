import { describe, expect, it } from '@jest/globals';
import { startFaultProxy } from '@orthanc-tools/orthanc-testbed';
import { systemClock } from '@orthanc-tools/scheduling';
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

  it('is told of where it answers and takes nothing, and costs no study an attempt', async () => {
    const shape = { seriesPerStudy: 1, instancesPerSeries: 1 };
    await using scene = await openScene({ seed: 345, studies: 8, shape, destinations: { archive: {} } });
    await using link = await startFaultProxy(scene.destinations.archive.url);
    let passedMs = 0;
    link.addFault({
      effect: 'answer',
      status: 500,
      matching: ({ method, path }) => method === 'POST' && path === '/instances',
    });
    const run = await scene.run({
      more: [
        ...['--destination=archive', '--mode=orthanc', `--dest-url=${link.url}`],
        ...['--trigger=StableStudy', '--max-retries=2', '--log-level=debug'],
      ],
      clock: { ...systemClock, now: () => new Date(Date.now() + passedMs) },
      onOutput: (output) => {
        if (!output.includes('"destination.down"') || link.faultCount('answer') < 20) return;
        void link.clear();
        passedMs = 600_000;
      },
    });
    expect(run).toMatchObject({ exitCode: 0, setAside: [] });
    expect(run.stdout.split('"event":"destination.down"')).toHaveLength(2);
    expect(run.stdout.split('"event":"destination.up"')).toHaveLength(2);
    expect(await scene.held(scene.destinations.archive)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });
});
