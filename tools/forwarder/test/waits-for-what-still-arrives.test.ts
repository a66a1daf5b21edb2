import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type RunningOrthanc, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type RunRequest, type Scene, holdFirst, openScene } from './forward-scene.ts';
import { passUntil, steppedClock } from './stepped-clock.ts';

/** A run that follows the inbox until it has deleted so many instances; `printed` waits for lines of its log. */
function follow(scene: Scene<'pacs'>, { deletions, ...request }: RunRequest & { deletions: number }) {
  const ending = new AbortController();
  let output = '';
  const listeners = new Set<() => void>();
  const onOutput = (stdout: string) => {
    output = stdout;
    for (const listener of listeners) listener();
    const deleted = [...stdout.matchAll(/"event":"unit.deleted".*"deleted":(\d+)/g)];
    if (deleted.reduce((sum, [, count]) => sum + Number(count), 0) >= deletions) ending.abort();
  };
  const times = (text: string) => output.split(text).length - 1;
  const more = [
    '--destination=pacs',
    '--trigger=StableStudy',
    '--log-level=debug',
    '--polling-interval=100ms',
    ...(request.more ?? []),
  ];
  const finished = scene.run({ ...request, more, isFollowing: true, signal: ending.signal, onOutput });
  const printed = (text: string, count = 1) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (times(text) < count) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void finished.then(({ stderr }) => {
        reject(new Error(`The run ended without printing ${text}: ${stderr}`));
      });
    });
  return { finished, printed, times, hasFinished: () => ending.signal.aborted };
}

async function untilStable(inbox: RunningOrthanc): Promise<void> {
  for (;;) {
    const studies = (await (await fetch(`${inbox.url}/studies?expand`)).json()) as { IsStable: boolean }[];
    if (studies.every(({ IsStable: isStable }) => isStable)) return;
    await delay(50);
  }
}

const isSending = ({ path }: { readonly path: string }) => path === '/modalities/pacs/store';

describe('a study', () => {
  it('whose instances come slower than Orthanc takes to call it stable is sent once, when it is complete', async () => {
    await using scene = await openScene({ seed: 331, studies: 1, withheld: 5, destinations: { pacs: {} } });
    const clock = steppedClock();
    const run = follow(scene, { deletions: 6, clock, quietTime: '10s' });
    await run.printed('"step":"admit"');
    for (const late of scene.files.slice(1)) {
      await untilStable(scene.inbox);
      clock.advance(9000);
      const entered = run.times('"step":"enter"');
      await seedOrthanc(scene.inbox, [late]);
      await run.printed('"step":"enter"', entered + 1);
      await untilStable(scene.inbox);
      const looked = run.times('"step":"admit"');
      await passUntil(clock, () => run.times('"step":"admit"') > looked);
    }
    expect(await scene.held(scene.destinations.pacs)).toEqual([]);
    const all = await scene.held(scene.inbox);
    await untilStable(scene.inbox);
    await passUntil(clock, () => run.hasFinished());
    await run.finished;
    expect(all).toHaveLength(6);
    expect(await scene.held(scene.destinations.pacs)).toEqual(all);
    expect(await scene.held(scene.inbox)).toEqual([]);
    expect(scene.proxy.requests.filter(isSending)).toHaveLength(1);
  });

  it.each(['dicom', 'dicom-web', 'peering'])(
    'whose last instance comes while it is being sent by %s arrives as a whole, and goes only then',
    async (mode) => {
      await using scene = await openScene({ seed: 332, studies: 1, withheld: 1, destinations: { pacs: {} } });
      const { pacs } = scene.destinations;
      const sending = holdFirst(
        scene.proxy,
        ({ method, path }) => method === 'POST' && /\/(store|stow)$/.test(path),
      );
      const more = [`--mode=${mode}`, ...(mode === 'peering' ? [`--dest-url=${pacs.url}`] : [])];
      const run = follow(scene, { deletions: 6, more });
      await sending.isHeld;
      await seedOrthanc(scene.inbox, scene.files.slice(-1));
      const all = await scene.held(scene.inbox);
      const deletion = holdFirst(scene.proxy, ({ path }) => path === '/tools/bulk-delete');
      sending.letGo();
      await deletion.isHeld;
      expect(await scene.held(scene.inbox)).toEqual(all);
      deletion.letGo();
      await run.finished;
      expect(all).toHaveLength(6);
      expect(await scene.held(pacs)).toEqual(all);
      expect(await scene.held(scene.inbox)).toEqual([]);
    },
  );
});
