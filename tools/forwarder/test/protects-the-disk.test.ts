import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type Scene, openScene } from './forward-scene.ts';
import { passUntil, steppedClock } from './stepped-clock.ts';

const common = ['--trigger=StableStudy', '--keep-days=3'];
/** So often a loop looks by itself. */
const longestTurnMs = 30_000;

/** The disk was looked at for the first time by then, and everything works. */
async function untilFollowed({ proxy }: Pick<Scene<string>, 'proxy'>): Promise<void> {
  while (!proxy.requests.some(({ path }) => path.startsWith('/changes'))) await delay(50);
}

describe('an inbox that is nearly full', () => {
  it('is told of once, and deletes nothing earlier unless it was told to', async () => {
    await using scene = await openScene({ seed: 361, destinations: { pacs: {} } });
    const { exitCode, stdout, summary } = await scene.run({
      more: [...common, '--destination=pacs', '--disk-threshold=1KB'],
    });
    expect(exitCode).toBe(0);
    expect(stdout.split('"disk.nearly_full"')).toHaveLength(2);
    expect(summary).toMatchObject({ forwardedInstances: 12, deletedInstances: 0, waitingDeletions: 2 });
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('lets go what was proved, and says so when there is room again', async () => {
    await using scene = await openScene({ seed: 362, destinations: { pacs: {} } });
    const before = await scene.run({ more: [...common, '--destination=pacs'] });
    expect(before.summary).toMatchObject({ deletedInstances: 0 });
    const stop = new AbortController();
    const { exitCode, stdout } = await scene.run({
      more: [...common, '--destination=pacs', '--disk-threshold=1KB', '--keep-days-when-full=0'],
      isFollowing: true,
      signal: stop.signal,
      onOutput: (text) => {
        if (text.includes('"disk.has_room"')) stop.abort();
      },
    });
    expect(exitCode).toBe(130);
    expect(stdout.split('"disk.nearly_full"')).toHaveLength(2);
    expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('lets it go at once, and not only when the deletion looks for it by itself', async () => {
    await using scene = await openScene({ seed: 365, destinations: { pacs: {} } });
    await scene.run({ more: [...common, '--destination=pacs'] });
    scene.proxy.forget();
    const clock = steppedClock();
    const stop = new AbortController();
    let printed = '';
    const running = scene.run({
      more: [...common, '--destination=pacs', '--disk-threshold=1MB', '--keep-days-when-full=0'],
      // What fills the disk goes nowhere meanwhile, and wakes nobody.
      quietTime: '1h',
      isFollowing: true,
      clock,
      signal: stop.signal,
      onOutput: (text) => {
        printed = text;
        if (text.split('"event":"unit.deleted"').length > 2) stop.abort();
      },
    });
    await untilFollowed(scene);
    const filling = { seed: 366, studies: 1, seriesPerStudy: 1, instancesPerSeries: 3, imageSize: 512 };
    await seedOrthanc(
      scene.inbox,
      [...synthesizeArchive(filling)].flatMap((study) => [...study.instances()].map(({ bytes }) => bytes)),
    );
    const before = clock.now().getTime();
    await passUntil(clock, () => printed.includes('"disk.nearly_full"'));
    expect(clock.now().getTime() - before).toBeLessThan(longestTurnMs);
    await running;
    expect((await scene.held(scene.inbox)).filter((id) => scene.sent.includes(id))).toEqual([]);
  });

  it('keeps what is not proved, whatever was ordered', async () => {
    await using scene = await openScene({ seed: 363, destinations: { pacs: { behaviour: 'store-only' } } });
    const { exitCode, stdout } = await scene.run({
      more: [...common, '--destination=pacs', '--disk-threshold=1KB', '--keep-days-when-full=0'],
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"disk.nearly_full"');
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('is measured by its own maximum, which is warned of where it deletes by itself', async () => {
    await using scene = await openScene({
      seed: 364,
      studies: 1,
      inbox: { configuration: { MaximumStorageSize: 1, MaximumStorageMode: 'Recycle' } },
      destinations: { pacs: {} },
    });
    const { exitCode, stdout } = await scene.run({
      more: [...common, '--destination=pacs', '--disk-threshold=1%'],
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('"inbox.recycles"');
    expect(stdout).toMatch(/"disk.nearly_full".*"thresholdMb":0,"capacityMb":1/);
  });

  it('cannot be measured by a share of nobody knows what', async () => {
    await using scene = await openScene({ seed: 365, studies: 1, destinations: { pacs: {} } });
    const { exitCode, stderr } = await scene.run({
      more: [...common, '--destination=pacs', '--disk-threshold=80%'],
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--disk-threshold (DISK_THRESHOLD) = 80%: of how much?');
  });
});
