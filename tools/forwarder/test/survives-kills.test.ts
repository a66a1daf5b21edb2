import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import {
  type FaultProxy,
  type RunningOrthanc,
  counting,
  receivedBy,
  seedOrthanc,
  snapshotOrthanc,
  startFaultProxy,
  startLinked,
  withTransfers,
} from '@orthanc-tools/orthanc-testbed';
import { openForwardingTestbed } from './forwarding-testbed.ts';
import { type UnitStep, unitSteps } from '../src/unit-steps.ts';
import { holdFirst } from './forward-scene.ts';
import { startForwarder } from './forwarder-process.ts';

/** What differs by mode lies between the first look at the destination and the request for the deletion. */
const between = (first: UnitStep, last: UnitStep) =>
  unitSteps.slice(unitSteps.indexOf(first), unitSteps.indexOf(last) + 1);
const stepsOfSending = between('look before sending', 'ask for the deletion');
const stepsByMode: Readonly<Record<Mode, readonly UnitStep[]>> = {
  dicom: unitSteps,
  'dicom-web': stepsOfSending,
  peering: stepsOfSending,
  transfer: stepsOfSending,
  // It sends by itself: there is no job to follow.
  orthanc: unitSteps.filter((step) => step !== 'follow the job'),
};
type Mode = 'dicom' | 'dicom-web' | 'peering' | 'transfer' | 'orthanc';

const instancesPerStudy = 4;

type Stage = Awaited<ReturnType<typeof openStage>>;

async function openStage(mode: Mode, more: Readonly<Record<string, unknown>> = {}) {
  await using opening = new AsyncDisposableStack();
  let link: FaultProxy | undefined;
  const reach = async ({ url }: RunningOrthanc) => {
    link = opening.use(await startFaultProxy(url));
    return { peerUrl: link.url };
  };
  const linked = opening.use(
    await startLinked(await openForwardingTestbed(), {
      source: withTransfers({ configuration: { StableAge: 1, ...more } }),
      destinations: { pacs: { request: counting(withTransfers()), reach } },
    }),
  );
  if (link === undefined) throw new Error('the destination was not reached');
  const { source: inbox, destinations } = linked;
  const proxy = opening.use(await startFaultProxy(inbox.url));
  const home = await mkdtemp(join(tmpdir(), 'forwarder-kills-'));
  opening.defer(() => rm(home, { recursive: true, force: true }));
  const canAskByRest = ['peering', 'transfer', 'orthanc'].includes(mode);
  const argv = [
    `--source-url=${proxy.url}`,
    `--ledger-path=${join(home, 'ledger.sqlite')}`,
    '--existing-changes-only',
    '--trigger=StableStudy',
    '--quiet-time=0s',
    `--mode=${mode}`,
    '--destination=pacs',
    ...(canAskByRest ? [`--dest-url=${destinations.pacs.url}`] : []),
  ];
  const stack = opening.move();
  return {
    inbox,
    pacs: destinations.pacs,
    /** Between the forwarder and the inbox. */
    proxy,
    /** Between the inbox and its peer. */
    link,
    start: (diesAt?: UnitStep, times?: number) => startForwarder(argv, { home, diesAt, times }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A new study, of which Orthanc says that it is stable. */
async function receiveStudy(
  inbox: RunningOrthanc,
  seed: string,
  instances = instancesPerStudy,
): Promise<void> {
  const shape = { seriesPerStudy: 2, instancesPerSeries: instances / 2, imageSize: 8 };
  const [study] = synthesizeArchive({ seed, studies: 1, ...shape, modalities: ['CT'] });
  const files = [...(study?.instances() ?? [])];
  await seedOrthanc(
    inbox,
    files.map(({ bytes }) => bytes),
  );
  const url = `${inbox.url}/studies/${files[0]?.orthancIds().study ?? ''}`;
  for (;;) {
    const { IsStable: isStable } = (await (await fetch(url)).json()) as { IsStable: boolean };
    if (isStable) return;
    await delay(50);
  }
}

const held = async (orthanc: RunningOrthanc) => [
  ...(await snapshotOrthanc(orthanc, { read: 'index' })).keys(),
];

/** The same, of a server that may still be receiving. */
const listed = async ({ url }: RunningOrthanc) =>
  (await (await fetch(`${url}/instances`)).json()) as string[];

describe.each(Object.entries(stepsByMode) as [Mode, UnitStep[]][])('a forwarder by %s', (mode, steps) => {
  let stage: Stage;
  let expected = 0;
  beforeAll(async () => {
    stage = await openStage(mode);
  }, 300_000);
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each(steps)('that is killed before it comes to "%s" goes on from there', async (step) => {
    await receiveStudy(stage.inbox, `${mode} ${step}`);
    expected += instancesPerStudy;
    const killed = await stage.start(step).ended;
    expect([killed.signal, killed.stderr]).toEqual(['SIGKILL', '']);
    const somewhere = new Set([...(await listed(stage.inbox)), ...(await listed(stage.pacs))]);
    expect(somewhere.size).toBe(expected);
    await resumesAndDeletes(stage, expected);
  });
});

describe('a forwarder of a study that takes three jobs', () => {
  const instances = 90;
  let stage: Stage;
  let expected = 0;
  beforeAll(async () => {
    stage = await openStage('peering');
  }, 300_000);
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each(['send', 'follow the job', 'note the sending'] as const)(
    'that is killed before it comes to "%s" for the second time goes on from there',
    async (step) => {
      await receiveStudy(stage.inbox, `three jobs ${step}`, instances);
      const before = expected;
      expected += instances;
      expect((await stage.start(step, 2).ended).signal).toBe('SIGKILL');
      const there = await listed(stage.pacs);
      expect(there.length - before).toBeGreaterThan(0);
      expect(there.length - before).toBeLessThan(instances);
      await resumesAndDeletes(stage, expected);
    },
  );
});

/** Nothing lost, nothing sent twice, everything proved and deleted. */
async function resumesAndDeletes(stage: Stage, expected: number): Promise<void> {
  const { exitCode, stderr } = await stage.start().ended;
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(await held(stage.inbox)).toEqual([]);
  expect(await held(stage.pacs)).toHaveLength(expected);
  expect(await receivedBy(stage.pacs)).toBe(expected);
}

describe('a forwarder that is killed while the inbox sends for it', () => {
  it('waits for a job of which it never heard, instead of sending once more', async () => {
    await using stage = await openStage('peering');
    await receiveStudy(stage.inbox, 'unheard job');
    const isOrder = ({ path }: { readonly path: string }) => path === '/peers/pacs/store';
    stage.proxy.addFault({ effect: 'lose-answer', matching: isOrder, times: 1 });
    const delivery = holdFirst(stage.link, ({ method }) => method === 'POST');
    const first = stage.start();
    await delivery.isHeld;
    first.kill('SIGKILL');
    await first.ended;
    const next = holdFirst(stage.proxy, (request) => isOrder(request) || request.path.startsWith('/jobs'));
    const resumed = resumesAndDeletes(stage, instancesPerStudy);
    await next.isHeld;
    next.letGo();
    delivery.letGo();
    await resumed;
  });

  it('asks the destination where the inbox has forgotten the job', async () => {
    await using stage = await openStage('dicom', { SaveJobs: false });
    await receiveStudy(stage.inbox, 'forgotten job');
    expect((await stage.start('note the sending').ended).signal).toBe('SIGKILL');
    await stage.inbox.restart();
    await resumesAndDeletes(stage, instancesPerStudy);
  });
});
