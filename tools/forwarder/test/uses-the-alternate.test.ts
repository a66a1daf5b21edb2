import { describe, expect, it } from '@jest/globals';
import { type FaultProxy, seedOrthanc, startFaultProxy } from '@orthanc-tools/orthanc-testbed';
import { systemClock } from '@orthanc-tools/scheduling';
import { type FinishedRun, openScene } from './forward-scene.ts';
import { openForwardingTestbed } from './forwarding-testbed.ts';
import { passUntil, steppedClock } from './stepped-clock.ts';

const sent = ({ transfers }: FinishedRun) => transfers.filter(({ event }) => event === 'unit.forwarded');

const events = ({ stdout }: FinishedRun, wanted: string) =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ event }) => event === wanted);

const tookAlternate = /"unit.forwarded".*"via":"backup"/;

/** The inbox reaches the modality `pacs` through a link that can be disturbed, and `backup` without. */
async function openLinkedScene(seed: number) {
  await using opening = new AsyncDisposableStack();
  const { hostAddress } = await openForwardingTestbed();
  let link: FaultProxy | undefined;
  const scene = await openScene({
    seed,
    studies: 4,
    shape: { seriesPerStudy: 1 },
    inbox: { configuration: { DicomScuTimeout: 1 } },
    destinations: {
      pacs: {
        reach: async ({ dicomHost, dicomPort, aet }) => {
          const target = `http://${dicomHost}:${String(dicomPort)}`;
          link = opening.use(await startFaultProxy(target, { level: 'tcp', host: '0.0.0.0' }));
          return { modality: [aet, hostAddress, link.port] };
        },
      },
      backup: {},
    },
  });
  opening.use(scene);
  if (link === undefined) throw new Error('The link was not asked for.');
  const stack = opening.move();
  return { ...scene, link, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('while the first way is down', () => {
  it('everything goes by the alternate, is proved there, and then deleted', async () => {
    await using scene = await openScene({ seed: 331, studies: 3, destinations: { pacs: {}, backup: {} } });
    const { pacs, backup } = scene.destinations;
    await pacs.stop();
    const file = await scene.destinationsFile({
      destinations: [
        {
          name: 'pacs',
          target: 'pacs',
          alternate: { mode: 'peering', target: 'backup', url: backup.url },
        },
      ],
    });
    const run = await scene.run({ more: [file, '--trigger=StableStudy'] });
    expect(run.exitCode).toBe(0);
    expect(sent(run).map(({ via, proof }) => [via, proof])).toEqual([
      ['backup', 'id+md5'],
      ['backup', 'id+md5'],
      ['backup', 'id+md5'],
    ]);
    expect(events(run, 'destination.on_alternate')).toHaveLength(1);
    expect(await scene.held(backup)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('what the first way had proved before is asked there, and what the alternate proved at the alternate', async () => {
    await using scene = await openLinkedScene(332);
    const { pacs, backup } = scene.destinations;
    const file = await scene.destinationsFile({
      destinations: [{ name: 'pacs', target: 'pacs', alternate: { target: 'backup' } }],
    });
    let [isCut, isRepaired] = [false, false];
    const run = await scene.run({
      more: [file, '--trigger=StableStudy', '--worker-threads-count=1'],
      onOutput: (stdout) => {
        if (!isCut && stdout.includes('"unit.forwarded"')) {
          isCut = true;
          void scene.link.disturb({ refuse: true });
        }
        if (!isRepaired && tookAlternate.test(stdout)) {
          isRepaired = true;
          void scene.link.clear();
        }
      },
    });
    expect(run.exitCode).toBe(0);
    const [atPacs, atBackup] = [await scene.held(pacs), await scene.held(backup)];
    expect(new Set([...atPacs, ...atBackup])).toEqual(new Set(scene.sent));
    expect(atPacs.length).toBeGreaterThan(0);
    expect(atBackup.length).toBeGreaterThan(0);
    const via = (target: string) => sent(run).filter((line) => line['via'] === target);
    const count = (lines: typeof run.transfers) => lines.reduce((sum, { proved }) => sum + Number(proved), 0);
    expect(count(via('pacs')) + count(via('backup'))).toBe(scene.sent.length);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('the alternate is left when the first way is back', async () => {
    await using scene = await openScene({ seed: 333, studies: 1, destinations: { pacs: {}, backup: {} } });
    const { pacs } = scene.destinations;
    await pacs.stop();
    const file = await scene.destinationsFile({
      destinations: [{ name: 'pacs', target: 'pacs', alternate: { target: 'backup' } }],
    });
    const stop = new AbortController();
    let [isStarted, hasReturned] = [false, false];
    const run = await scene.run({
      more: [file, '--trigger=StableStudy'],
      isFollowing: true,
      signal: stop.signal,
      onOutput: (stdout) => {
        if (!isStarted && tookAlternate.test(stdout)) {
          isStarted = true;
          void pacs.start();
        }
        if (!hasReturned && stdout.includes('"destination.on_first_way"')) {
          hasReturned = true;
          stop.abort();
        }
      },
    });
    expect(run.exitCode).toBe(130);
    expect(hasReturned).toBe(true);
  });

  it('also when it is silent, which costs no study an attempt', async () => {
    await using scene = await openLinkedScene(334);
    await scene.link.disturb({ stall: true });
    const file = await scene.destinationsFile({
      destinations: [{ name: 'pacs', target: 'pacs', alternate: { target: 'backup' } }],
    });
    const run = await scene.run({ more: [file, '--trigger=StableStudy', '--max-retries=0'] });
    expect(run.exitCode).toBe(0);
    expect(await scene.held(scene.destinations.backup)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });

  it('what it took is there for good: another process sends by the first way only what has come since', async () => {
    await using scene = await openScene({ seed: 335, studies: 1, destinations: { pacs: {}, backup: {} } });
    const { inbox, destinations, sent: all } = scene;
    const { pacs, backup } = destinations;
    const [late = '', ...early] = all;
    const file = await (await fetch(`${inbox.url}/instances/${late}/file`)).arrayBuffer();
    await fetch(`${inbox.url}/instances/${late}`, { method: 'DELETE' });
    await pacs.stop();
    const more = [
      await scene.destinationsFile({
        destinations: [{ name: 'pacs', target: 'pacs', alternate: { target: 'backup' } }],
      }),
      '--trigger=StableStudy',
      '--keep-days=1',
    ];
    await scene.run({ more });
    expect(await scene.held(backup)).toEqual(early);
    await pacs.start();
    await fetch(`${inbox.url}/instances`, { method: 'POST', body: file });
    const run = await scene.run({ more });
    expect(run.exitCode).toBe(0);
    expect(await scene.held(pacs)).toEqual([late]);
    expect(await scene.held(backup)).toEqual(early);
    expect(
      sent(run)
        .slice(-2)
        .map(({ via, proved }) => [via, proved]),
    ).toEqual([
      ['backup', 5],
      ['pacs', 1],
    ]);
  });

  it('what it took and proved is deleted, and what only the first way can confirm waits', async () => {
    await using scene = await openScene({
      seed: 337,
      studies: 2,
      shape: { seriesPerStudy: 1, instancesPerSeries: 3 },
      withheld: 3,
      destinations: { pacs: {}, backup: {} },
    });
    const { pacs } = scene.destinations;
    const more = [
      await scene.destinationsFile({
        destinations: [{ name: 'pacs', target: 'pacs', alternate: { target: 'backup' } }],
      }),
      '--trigger=StableStudy',
      '--keep-days=1',
      '--log-level=debug',
    ];
    await scene.run({ more });
    await pacs.stop();
    await seedOrthanc(scene.inbox, scene.files.slice(3));
    await scene.run({ more });
    const stop = new AbortController();
    await scene.run({
      more: [...more, '--worker-threads-count=1'],
      isFollowing: true,
      clock: { ...systemClock, now: () => new Date(Date.now() + 2 * 24 * 60 * 60 * 1000) },
      signal: stop.signal,
      onOutput: (stdout) => {
        if (stdout.split('"step":"answer for the deletion"').length > 2) stop.abort();
      },
    });
    expect(await scene.held(scene.inbox)).toEqual(scene.sent);
  });

  it('what it took without proof goes by the first way as well, once that is back, and is then deleted', async () => {
    await using scene = await openScene({
      seed: 336,
      studies: 2,
      destinations: { pacs: {}, backup: { behaviour: 'store-only' } },
    });
    const { pacs, backup } = scene.destinations;
    await pacs.stop();
    const clock = steppedClock();
    let printed = '';
    const running = scene.run({
      more: [
        await scene.destinationsFile({
          destinations: [{ name: 'pacs', target: 'pacs', alternate: { target: 'backup' } }],
        }),
        '--trigger=StableStudy',
      ],
      clock,
      onOutput: (stdout) => (printed = stdout),
    });
    await passUntil(clock, () => tookAlternate.test(printed));
    await pacs.start();
    await passUntil(clock, () => printed.includes('"destination.on_first_way"'));
    // From here on no time passes: what has waited goes because the way is back.
    const run = await running;
    expect(run).toMatchObject({ exitCode: 0, setAside: [] });
    expect(sent(run).filter(({ via }) => via === 'backup').length).toBeLessThanOrEqual(2);
    expect(await scene.held(backup)).toEqual(scene.sent);
    expect(await scene.held(pacs)).toEqual(scene.sent);
    expect(await scene.held(scene.inbox)).toEqual([]);
  });
});
