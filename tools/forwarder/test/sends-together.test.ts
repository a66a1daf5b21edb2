import { describe, expect, it } from '@jest/globals';
import { openScene } from './forward-scene.ts';

describe('small studies that are sent together', () => {
  it('do not fail with one among them that cannot be sent', async () => {
    const shape = { seriesPerStudy: 1, instancesPerSeries: 2 };
    await using scene = await openScene({ seed: 861, studies: 12, shape, destinations: { pacs: {} } });
    const poison = await createUnsendable(scene.inbox.url);
    const { exitCode, setAside, summary } = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy', '--max-retries=0'],
    });
    expect([exitCode, setAside.length]).toEqual([3, 1]);
    expect(summary).toMatchObject({ forwardedUnits: 12, deletedInstances: 24 });
    expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([poison]);
  });

  it.each([
    ['dicom-web', '/servers/pacs/stow', 10],
    // One for each hand at first, and then at least two studies in each.
    ['dicom', '/modalities/pacs/store', 12],
    ['peering', '/peers/pacs/store', 12],
  ])('share jobs by %s', async (mode, route, most) => {
    const shape = { seriesPerStudy: 2, instancesPerSeries: 1 };
    await using scene = await openScene({ seed: 862, studies: 20, shape, destinations: { pacs: {} } });
    // Nothing is sent before all of them wait to be sent: what is ready alone goes alone.
    const { promise: until, resolve: letGo } = Promise.withResolvers<undefined>();
    scene.proxy.addFault({ effect: 'hold', until, matching: ({ path }) => path.endsWith(route) });
    const { exitCode } = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy', `--mode=${mode}`, '--log-level=debug'],
      onOutput: (stdout) => {
        const admitted = stdout.matchAll(/"step":"answer for admission","units":(\d+)/g);
        if ([...admitted].reduce((sum, [, units]) => sum + Number(units), 0) === 20) letGo(undefined);
      },
    });
    expect(exitCode).toBe(0);
    expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
    const jobs = scene.proxy.requests.filter(({ path }) => path.endsWith(route));
    expect(jobs.length).toBeLessThanOrEqual(most);
  });
});

describe('a study that goes to a peer by several jobs', () => {
  it('arrives whole, and no part of it twice, where one of them is not begun at first', async () => {
    const shape = { seriesPerStudy: 1, instancesPerSeries: 90 };
    await using scene = await openScene({ seed: 863, studies: 1, shape, destinations: { pacs: {} } });
    const isStore = ({ path }: { path: string }) => path.endsWith('/peers/pacs/store');
    let stores = 0;
    scene.proxy.addFault({
      effect: 'answer',
      status: 503,
      matching: (request) => isStore(request) && (stores += 1) === 2,
    });
    const { exitCode, summary } = await scene.run({
      more: [
        ...['--destination=pacs', '--trigger=StableStudy', '--mode=peering'],
        `--dest-url=${scene.destinations.pacs.url}`,
      ],
    });
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ forwardedInstances: 90, deletedInstances: 90 });
    expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
    // Of 40, of 40, which is refused, of 10, and what is left in halves.
    expect(scene.proxy.requests.filter(isStore)).toHaveLength(5);
  });
});

/** Without an image Orthanc makes an instance without SOP Class UID, which no association can carry. */
async function createUnsendable(url: string): Promise<string> {
  const body = JSON.stringify({ Tags: { PatientID: 'unsendable', StudyDescription: 'unsendable' } });
  const answer = await fetch(new URL('/tools/create-dicom', url), { method: 'POST', body });
  return ((await answer.json()) as { ID: string }).ID;
}
