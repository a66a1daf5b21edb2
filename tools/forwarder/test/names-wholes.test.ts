import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { counting, receivedBy, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { UnitStep } from '../src/unit-steps.ts';
import { startForwarder } from './forwarder-process.ts';
import { type Scene, altered, holdFirst, openScene } from './forward-scene.ts';

const more = ['--destination=pacs', '--trigger=StableStudy', '--mode=dicom-web'];

const isOrder = ({ path }: { readonly path: string }) => path.endsWith('/servers/pacs/stow');

/** The first one about what was listed: before anything is read, the server is asked whether it answers at all. */
function isQuestion() {
  let isReading = false;
  return ({ path }: { readonly path: string }) => {
    isReading ||= path.startsWith('/changes?since=');
    return isReading && path.endsWith('/servers/pacs/get');
  };
}

/** A study of two series with five instances of six, or fewer; the last ones come later. */
const openDicomWebScene = (seed: number, configuration: Configuration = {}, withheld = 1) =>
  openScene({
    ...{ seed, studies: 1, withheld, inbox: { configuration } },
    destinations: { pacs: { request: counting({ configuration }) } },
  });

type Configuration = Readonly<Record<string, unknown>>;

/** In a process of its own, which is killed when it comes to the step. */
const startDying = ({ proxy, folder }: Scene<'pacs'>, diesAt: UnitStep) =>
  startForwarder(
    [
      ...[`--source-url=${proxy.url}`, `--ledger-path=${folder}/forwarder.ledger.sqlite`],
      ...['--existing-changes-only', '--quiet-time=0s', ...more],
    ],
    { home: folder, diesAt },
  );

/** How many studies or series the jobs of the inbox named, and how many instances they sent; the first one first. */
async function jobsOf({ inbox }: Scene<'pacs'>) {
  const jobs = (await (await fetch(`${inbox.url}/jobs?expand`)).json()) as Job[];
  return jobs
    .toSorted((one, other) => one.CreationTime.localeCompare(other.CreationTime))
    .map(({ Content: { Resources: named } }) => ({
      studies: named.Studies?.length ?? 0,
      series: named.Series?.length ?? 0,
      instances: named.Instances?.length ?? 0,
    }));
}

interface Job {
  readonly CreationTime: string;
  readonly Content: { readonly Resources: Partial<Record<'Studies' | 'Series' | 'Instances', string[]>> };
}

describe('a job by DICOMweb', () => {
  it('names the study of which all goes', async () => {
    await using scene = await openDicomWebScene(871);
    const { exitCode, summary } = await scene.run({ more });
    expect([exitCode, summary['deletedInstances']]).toEqual([0, 5]);
    expect(await jobsOf(scene)).toEqual([{ studies: 1, series: 0, instances: 5 }]);
  });

  it.each([
    ['to an inbox that overwrites nothing', false],
    ['to one that overwrites, in the seconds before', true],
  ])(
    'may take along what has come since it was ordered, which is then known to have gone from here: %s',
    async (_, overwrites) => {
      await using scene = await openDicomWebScene(873, { OverwriteInstances: overwrites });
      const order = holdFirst(scene.proxy, isOrder);
      const running = scene.run({ more });
      await order.isHeld;
      await seedOrthanc(scene.inbox, scene.files.slice(-1));
      if (overwrites) await untilNextSecond();
      order.letGo();
      expect((await running).exitCode).toBe(0);
      expect((await scene.run({ more })).exitCode).toBe(0);
      expect(await scene.held(scene.inbox)).toEqual([]);
      expect(await jobsOf(scene)).toEqual([{ studies: 1, series: 0, instances: 6 }]);
      expect(await receivedBy(scene.destinations.pacs)).toBe(6);
    },
  );

  it.each(['follow the job', 'note the sending'] as const)(
    'is known to have taken along what has come also after a crash before "%s"',
    async (diesAt) => {
      await using scene = await openDicomWebScene(874);
      const order = holdFirst(scene.proxy, isOrder);
      const killed = startDying(scene, diesAt);
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

  it('names the series of a study to which another series has come since it was listed', async () => {
    await using scene = await openDicomWebScene(879, {}, 3);
    const question = holdFirst(scene.proxy, isQuestion());
    const running = scene.run({ more });
    await question.isHeld;
    await seedOrthanc(scene.inbox, scene.files.slice(-3));
    question.letGo();
    expect((await running).exitCode).toBe(0);
    expect((await scene.run({ more })).exitCode).toBe(0);
    expect(await scene.held(scene.inbox)).toEqual([]);
    expect(await jobsOf(scene)).toEqual([
      { studies: 0, series: 1, instances: 3 },
      // The other one is all that is left of the study by then.
      { studies: 1, series: 0, instances: 3 },
    ]);
    expect(await receivedBy(scene.destinations.pacs)).toBe(6);
  });

  it('took nothing along that came after a crash before it was ordered: another version there proves nothing', async () => {
    await using scene = await openDicomWebScene(875);
    expect((await startDying(scene, 'send').ended).signal).toBe('SIGKILL');
    await seedOrthanc(scene.inbox, scene.files.slice(-1));
    await seedOrthanc(scene.destinations.pacs, [altered(scene.files.at(-1))]);
    await scene.run({ more });
    await scene.run({ more });
    expect(await scene.held(scene.inbox)).toHaveLength(1);
  });

  it('took along an older version than what is overwritten while it runs, which is kept', async () => {
    await using scene = await openDicomWebScene(876, { OverwriteInstances: true });
    const order = holdFirst(scene.proxy, isOrder);
    const running = scene.run({ more });
    await order.isHeld;
    await seedOrthanc(scene.inbox, scene.files.slice(-1));
    const look = holdFirst(scene.proxy, ({ path }) => path.startsWith('/jobs/'));
    order.letGo();
    await look.isHeld;
    while ((await listed(scene.destinations.pacs.url)).length < 6);
    await seedOrthanc(scene.inbox, [altered(scene.files.at(-1))]);
    look.letGo();
    await running;
    expect((await scene.run({ more })).exitCode).toBe(3);
    expect(await scene.held(scene.inbox)).toHaveLength(1);
  });

  it.each([
    ['', {}],
    ['that keeps no MD5', { StoreMD5ForAttachments: false }],
  ])('to an Orthanc whose address is known %s may take along what has come', async (_, configuration) => {
    await using scene = await openDicomWebScene(877, configuration);
    const known = [...more, `--dest-url=${scene.destinations.pacs.url}`];
    const order = holdFirst(scene.proxy, isOrder);
    const running = scene.run({ more: known });
    await order.isHeld;
    await seedOrthanc(scene.inbox, scene.files.slice(-1));
    order.letGo();
    expect((await running).exitCode).toBe(0);
    expect((await scene.run({ more: known })).exitCode).toBe(0);
    expect(await scene.held(scene.inbox)).toEqual([]);
    expect(await jobsOf(scene)).toEqual([{ studies: 1, series: 0, instances: 6 }]);
  });

  it.each([
    ['whose address is known', true],
    ['that is asked by QIDO-RS', false],
  ])('names the instances of a series of which something was there before: %s', async (_, isKnown) => {
    await using scene = await openDicomWebScene(878, { OverwriteInstances: true });
    const { pacs } = scene.destinations;
    // Another version of what comes later.
    await seedOrthanc(pacs, [altered(scene.files.at(-1))]);
    const argv = isKnown ? [...more, `--dest-url=${pacs.url}`] : more;
    const order = holdFirst(scene.proxy, isOrder);
    const running = scene.run({ more: argv });
    await order.isHeld;
    await seedOrthanc(scene.inbox, scene.files.slice(-1));
    order.letGo();
    await running;
    expect(await jobsOf(scene)).toEqual([{ studies: 0, series: 1, instances: 5 }]);
    expect((await scene.run({ more: argv })).exitCode).toBe(3);
    expect(await scene.held(scene.inbox)).toHaveLength(1);
  });
});

/** Also of a server that is receiving. */
const listed = async (url: string) => (await (await fetch(`${url}/instances`)).json()) as string[];

/** Until what was received surely was before what happens now: Orthanc tells that to the second, by a clock that lags. */
async function untilNextSecond(): Promise<void> {
  const second = () => Math.floor((Date.now() - 20) / 1000);
  for (const now = second(); second() === now;) await nextTurn();
}
