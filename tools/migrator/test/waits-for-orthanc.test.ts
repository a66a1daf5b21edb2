import { describe, expect, it } from '@jest/globals';
import { imagesOf, openScene } from './migration-scene.ts';

describe('a look at a job that fails once', () => {
  it('starts no second job beside the first', async () => {
    await using scene = await openScene({ seed: 'look', shape: { studies: 1 } });
    let hasFailed = false;
    scene.proxy.addFault({
      effect: 'answer',
      status: 500,
      matching: ({ path }) => {
        const fails = !hasFailed && path.startsWith('/jobs/');
        hasFailed ||= fails;
        return fails;
      },
    });
    const run = await scene.run();
    expect(hasFailed).toBe(true);
    expect(run).toMatchObject({ exitCode: 0, setAside: [] });
    expect(scene.proxy.requests.filter(({ path }) => path === '/modalities/pacs/move')).toHaveLength(1);
  });
});

describe('an Orthanc that goes away behind a proxy, which goes on to accept connections', () => {
  it.each([
    ['it is to search', /^\/modalities\/pacs\/query$/],
    ['it is to fetch', /^\/modalities\/pacs\/move$/],
    ['it is asked for its job', /^\/jobs\//],
  ])('is waited for when %s, and nothing loses an attempt', async (_, first) => {
    await using scene = await openScene({ seed: 'away', shape: { studies: 2 } });
    let [isAway, isBack] = [false, false];
    scene.proxy.addFault({
      effect: 'answer',
      status: 502,
      matching: ({ path }) => {
        isAway ||= first.test(path);
        return isAway && !isBack;
      },
    });
    const run = await scene.run({
      more: ['--max-retries=0'],
      onOutput: (stdout) => {
        isBack ||= stdout.includes('"tool.paused"');
      },
    });
    expect(isBack).toBe(true);
    expect(run).toMatchObject({ exitCode: 0, setAside: [] });
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });
});

describe('a transfer that waits for its turn in Orthanc', () => {
  it('is not cancelled as one that brings nothing', async () => {
    const shape = { studies: 2, seriesPerStudy: 1, instancesPerSeries: 16 };
    await using scene = await openScene({
      seed: 'queued',
      shape,
      orthanc: { configuration: { ConcurrentJobs: 1 } },
    });
    await scene.pacs.behave({ msPerImage: 300 });
    const more = ['--stall-limit=2s', '--max-retries=0', '--worker-threads-count=2'];
    const run = await scene.run({ more });
    expect(run).toMatchObject({ exitCode: 0, summary: { studies: 2, stalledTransfers: 0 } });
    expect(run.stdout).not.toContain('transfer.given_up');
    expect((await scene.pacs.moves()).map(({ level }) => level)).toEqual(['STUDY', 'STUDY']);
  });
});
