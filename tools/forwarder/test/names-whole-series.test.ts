import { describe, expect, it } from '@jest/globals';
import { counting, receivedBy, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { startForwarder } from './forwarder-process.ts';
import { type Scene, altered, holdFirst, openScene } from './forward-scene.ts';

const more = ['--destination=pacs', '--trigger=StableStudy', '--mode=dicom-web'];

const isOrder = ({ path }: { readonly path: string }) => path.endsWith('/servers/pacs/stow');
const isLook = ({ path }: { readonly path: string }) => path.endsWith('/servers/pacs/get');

/** A study of two series with five instances of six; the last one comes later. */
const openDicomWebScene = (seed: number) =>
  openScene({ seed, studies: 1, withheld: 1, destinations: { pacs: { request: counting({}) } } });

/** How many series the jobs of the inbox named, and how many instances they sent; the first one first. */
async function jobsOf({ inbox }: Scene<'pacs'>) {
  const jobs = (await (await fetch(`${inbox.url}/jobs?expand`)).json()) as Job[];
  return jobs
    .toSorted((one, other) => one.CreationTime.localeCompare(other.CreationTime))
    .map(({ Content: { Resources: named } }) => ({
      series: named.Series?.length ?? 0,
      instances: named.Instances?.length ?? 0,
    }));
}

interface Job {
  readonly CreationTime: string;
  readonly Content: { readonly Resources: { readonly Series?: string[]; readonly Instances?: string[] } };
}

describe('a job by DICOMweb', () => {
  it('names the series of which all goes', async () => {
    await using scene = await openDicomWebScene(871);
    const { exitCode, summary } = await scene.run({ more });
    expect([exitCode, summary['deletedInstances']]).toEqual([0, 5]);
    expect(await jobsOf(scene)).toEqual([{ series: 2, instances: 5 }]);
  });

  it('names instances where something has come to their study since they were looked for', async () => {
    await using scene = await openDicomWebScene(872);
    const { pacs } = scene.destinations;
    let look: ReturnType<typeof holdFirst> | undefined;
    const { promise: isLooking, resolve: noteLooking } = Promise.withResolvers<undefined>();
    const running = scene.run({
      more: [...more, '--log-level=debug'],
      onOutput: (stdout) => {
        if (look !== undefined || !stdout.includes('"step":"look before sending"')) return;
        look = holdFirst(scene.proxy, isLook);
        noteLooking(undefined);
      },
    });
    await isLooking;
    await look?.isHeld;
    await seedOrthanc(scene.inbox, scene.files.slice(-1));
    look?.letGo();
    expect((await running).exitCode).toBe(0);
    expect((await jobsOf(scene))[0]).toEqual({ series: 0, instances: 5 });
    expect((await scene.run({ more })).exitCode).toBe(0);
    expect(await scene.held(scene.inbox)).toEqual([]);
    expect(await receivedBy(pacs)).toBe(6);
  });

  it('may take along what has come since it was ordered, which is then known to have gone from here', async () => {
    await using scene = await openDicomWebScene(873);
    const order = holdFirst(scene.proxy, isOrder);
    const running = scene.run({ more });
    await order.isHeld;
    await seedOrthanc(scene.inbox, scene.files.slice(-1));
    order.letGo();
    expect((await running).exitCode).toBe(0);
    expect((await scene.run({ more })).exitCode).toBe(0);
    expect(await scene.held(scene.inbox)).toEqual([]);
    expect(await jobsOf(scene)).toEqual([{ series: 2, instances: 6 }]);
    expect(await receivedBy(scene.destinations.pacs)).toBe(6);
  });

  it.each(['follow the job', 'note the sending'] as const)(
    'is known to have taken along what has come also after a crash before "%s"',
    async (diesAt) => {
      await using scene = await openDicomWebScene(874);
      const order = holdFirst(scene.proxy, isOrder);
      const killed = startForwarder(
        [
          ...[`--source-url=${scene.proxy.url}`, `--ledger-path=${scene.folder}/forwarder.ledger.sqlite`],
          ...['--existing-changes-only', '--quiet-time=0s', ...more],
        ],
        { home: scene.folder, diesAt },
      );
      await order.isHeld;
      await seedOrthanc(scene.inbox, scene.files.slice(-1));
      order.letGo();
      expect((await killed.ended).signal).toBe('SIGKILL');
      expect((await scene.run({ more })).exitCode).toBe(0);
      expect((await scene.run({ more })).exitCode).toBe(0);
      expect(await scene.held(scene.inbox)).toEqual([]);
      expect(await receivedBy(scene.destinations.pacs)).toBe(6);
    },
  );

  it('names the instances of a series of which something was there before, so that nothing else is taken for sent', async () => {
    await using scene = await openDicomWebScene(875);
    const { pacs } = scene.destinations;
    // Another version of what comes later.
    await seedOrthanc(pacs, [altered(scene.files.at(-1))]);
    const order = holdFirst(scene.proxy, isOrder);
    const running = scene.run({ more });
    await order.isHeld;
    await seedOrthanc(scene.inbox, scene.files.slice(-1));
    order.letGo();
    await running;
    expect(await jobsOf(scene)).toEqual([{ series: 1, instances: 5 }]);
    expect((await scene.run({ more })).exitCode).toBe(3);
    expect(await scene.held(scene.inbox)).toHaveLength(1);
  });
});
