import { describe, expect, it } from '@jest/globals';
import { seedOrthanc, withTransfers } from '@orthanc-tools/orthanc-testbed';
import { systemClock } from '@orthanc-tools/scheduling';
import { altered, openScene } from './forward-scene.ts';

describe('a study in the inbox', () => {
  it.each([
    ['dicom', 'StableStudy'],
    ['dicom-series-by-series', 'StableSeries'],
    ['dicom-web', 'StableStudy'],
    ['dicom-web-series-by-series', 'NewInstance'],
    ['dicom', 'NewInstance'],
  ])('is sent by %s on %s, found there, and deleted here', async (mode, trigger) => {
    await using scene = await openScene({ seed: 301, destinations: { pacs: {} } });
    const { exitCode, summary, transfers } = await scene.run({
      more: ['--destination=pacs', `--mode=${mode}`, `--trigger=${trigger}`],
    });
    expect(exitCode).toBe(0);
    expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
    expect(summary).toMatchObject({ forwardedInstances: 12, deletedInstances: 12, waitingUnits: 0 });
    expect(transfers.filter(({ event }) => event === 'unit.deleted').length).toBeGreaterThan(0);
  });

  it.each(['peering', 'orthanc'])('is sent by %s, proved by its bytes, and deleted here', async (mode) => {
    await using scene = await openScene({ seed: 302, destinations: { archive: {} } });
    const { archive } = scene.destinations;
    const { exitCode, transfers } = await scene.run({
      more: ['--destination=archive', `--mode=${mode}`, `--dest-url=${archive.url}`, '--trigger=StableStudy'],
    });
    expect(exitCode).toBe(0);
    expect(transfers.filter(({ proof }) => proof === 'id+md5')).toHaveLength(2);
    expect(await scene.held(archive)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('is proved by storage commitment where no C-FIND is answered, and deleted here', async () => {
    await using scene = await openScene({ seed: 308, destinations: { pacs: { behaviour: 'committing' } } });
    const { exitCode, stdout } = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy', '--verify=image'],
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('destination.provable');
    expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
    expect(scene.proxy.requests.some(({ path }) => path.startsWith('/storage-commitment/'))).toBe(true);
  });

  it('of which a part is held already is not proved by storage commitment', async () => {
    await using scene = await openScene({
      seed: 309,
      studies: 1,
      destinations: { pacs: { behaviour: 'committing' } },
    });
    const { pacs } = scene.destinations;
    await seedOrthanc(pacs, [altered(scene.files[0])]);
    const before = await scene.held(pacs);
    const { exitCode, setAside } = await scene.run({ more: ['--destination=pacs', '--trigger=StableStudy'] });
    expect([exitCode, setAside.map(({ code }) => code)]).toEqual([3, ['HELD_BEFORE']]);
    expect(await scene.held(scene.inbox)).toEqual(before);
  });

  it.each(['push', 'pull'])(
    'is sent by the transfers accelerator (%s), proved by its bytes, and deleted here',
    async (way) => {
      await using scene = await openScene({
        seed: 310,
        inbox: withTransfers(),
        destinations: { archive: { request: withTransfers(), isPulling: way === 'pull' } },
      });
      const { archive } = scene.destinations;
      const { exitCode, transfers } = await scene.run({
        more: [
          '--destination=archive',
          '--mode=transfer',
          `--dest-url=${archive.url}`,
          '--trigger=StableStudy',
        ],
      });
      expect(exitCode).toBe(0);
      expect(transfers.filter(({ proof }) => proof === 'id+md5')).toHaveLength(2);
      expect(await scene.held(archive)).toEqual(scene.sent);
      expect(await scene.held(scene.inbox)).toEqual([]);
      expect(scene.proxy.requests.some(({ path }) => path === '/transfers/send')).toBe(true);
    },
  );

  it('is sent and kept where nothing can be proved, with an alarm', async () => {
    await using scene = await openScene({ seed: 303, destinations: { pacs: { behaviour: 'store-only' } } });
    const { exitCode, stdout, summary } = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy'],
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('destination.unprovable');
    expect(summary).toMatchObject({ sentUnprovedUnits: 2, deletedInstances: 0 });
    expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('is deleted on the word of the sending alone when told so', async () => {
    await using scene = await openScene({ seed: 304, destinations: { pacs: { behaviour: 'store-only' } } });
    const { exitCode } = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy', '--verify=none'],
    });
    expect(exitCode).toBe(0);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('is kept where the destination lies', async () => {
    await using scene = await openScene({ seed: 305, destinations: { pacs: { behaviour: 'lying' } } });
    const { exitCode, setAside } = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy', '--max-retries=1'],
    });
    expect(exitCode).toBe(3);
    expect(setAside.map(({ code }) => code)).toEqual(['NOT_AT_DESTINATION', 'NOT_AT_DESTINATION']);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);

    const sendings = async () => ((await (await fetch(`${scene.inbox.url}/jobs`)).json()) as string[]).length;
    const before = await sendings();
    const requeued = await scene.run({ command: ['requeue', '--all'] });
    expect(requeued.exitCode).toBe(0);
    await scene.run({ more: ['--destination=pacs', '--trigger=StableStudy', '--max-retries=1'] });
    expect(await sendings()).toBeGreaterThan(before);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('is deleted only when it is at every destination', async () => {
    await using scene = await openScene({
      seed: 306,
      destinations: { pacs: {}, second: { behaviour: 'lying' } },
    });
    const { exitCode } = await scene.run({
      more: ['--destination=pacs,second', '--trigger=StableStudy', '--max-retries=0'],
    });
    expect(exitCode).toBe(3);
    expect(await scene.held(scene.destinations.pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.destinations.second)).toEqual([]);
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('is kept for as many days as told', async () => {
    await using scene = await openScene({ seed: 307, destinations: { pacs: {} } });
    const { exitCode, summary } = await scene.run({
      more: ['--destination=pacs', '--trigger=StableStudy', '--keep-days=3'],
    });
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ forwardedInstances: 12, deletedInstances: 0, waitingDeletions: 2 });
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('is kept for as many days after it was proved at the last destination', async () => {
    await using scene = await openScene({ seed: 311, studies: 1, destinations: { pacs: {}, second: {} } });
    const { second } = scene.destinations;
    const more = ['--destination=pacs,second', '--trigger=StableStudy', '--keep-days=3'];
    await second.stop();
    const stop = new AbortController();
    await scene.run({
      more,
      signal: stop.signal,
      onOutput: (stdout) => {
        if (stdout.includes('"unit.forwarded"') && stdout.includes('"destination.down"')) stop.abort();
      },
    });
    await second.start();
    const heldAfter = async (days: number) => {
      const clock = { ...systemClock, now: () => new Date(Date.now() + days * dayMs) };
      await scene.run({ more, clock });
      return scene.held(scene.inbox);
    };
    expect([await heldAfter(2), await heldAfter(4)]).toEqual([scene.sent, scene.sent]);
    expect(await heldAfter(6)).toEqual([]);
  });
});

const dayMs = 24 * 60 * 60 * 1000;
