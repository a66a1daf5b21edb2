import { describe, expect, it } from '@jest/globals';
import { openScene } from './forward-scene.ts';

const common = ['--trigger=StableStudy', '--keep-days=3'];

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
