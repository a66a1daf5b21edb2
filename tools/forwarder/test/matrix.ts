import { expect } from '@jest/globals';
import {
  type DestinationBehaviour,
  type FaultProxy,
  type RunningOrthanc,
  startFaultProxy,
  withTransfers,
} from '@orthanc-tools/orthanc-testbed';
import { modes } from '../src/destination.ts';
import { triggers } from '../src/unit.ts';
import { openScene } from './forward-scene.ts';
import { watchInbox } from './inbox-watcher.ts';

const troubles = ['down', 'slow', 'refusing-every-tenth', 'full', 'lying'] as const;
const counts = [1, 3] as const;

export interface MatrixCase {
  readonly mode: (typeof modes)[number];
  readonly trigger: (typeof triggers)[number];
  readonly destinations: (typeof counts)[number];
  /** Of the first destination; the others are well. */
  readonly trouble: (typeof troubles)[number];
}

/** The command line has one address for the mode `orthanc`, and so one destination. */
const isPossible = ({ mode, destinations }: MatrixCase) => mode !== 'orthanc' || destinations === 1;

export const everyCase: readonly MatrixCase[] = modes
  .flatMap((mode) =>
    triggers.flatMap((trigger) =>
      counts.flatMap((destinations) =>
        troubles.map((trouble): MatrixCase => ({ mode, trigger, destinations, trouble })),
      ),
    ),
  )
  .filter(isPossible);

/** Each mode with each trouble, and among these each pair of any two values. */
export const pairwiseCases: readonly MatrixCase[] = everyCase.filter(
  ({ mode, trigger, destinations, trouble }) => {
    const place = modes.indexOf(mode) + troubles.indexOf(trouble);
    const isAlone = mode === 'orthanc';
    return (
      triggers.indexOf(trigger) === place % triggers.length &&
      (isAlone || counts.indexOf(destinations) === place % counts.length)
    );
  },
);

export const titleOf = ({ mode, trigger, destinations, trouble }: MatrixCase): string =>
  `${mode} on ${trigger} to ${String(destinations)}, one ${trouble}`;

/** Twelve instances of these are more than a full destination has room for. */
const imageSize = 256;

interface Link {
  readonly rest: FaultProxy;
  readonly dicom: FaultProxy;
}

/** Forwards while somebody else watches, and sees to it that nothing is gone before it is everywhere. */
export async function tryCase(one: MatrixCase, seed: number): Promise<void> {
  const { mode, trigger, trouble } = one;
  await using stack = new AsyncDisposableStack();
  const links: Link[] = [];
  const reach = async ({ url, modality: [aet, , port] }: RunningOrthanc) => {
    const rest = stack.use(await startFaultProxy(url));
    const dicom = stack.use(await startFaultProxy(`http://127.0.0.1:${String(port)}`, { level: 'tcp' }));
    links.push({ rest, dicom });
    return { peerUrl: rest.url, modality: [aet, '127.0.0.1', dicom.port] as const };
  };
  const request = mode === 'transfer' ? withTransfers() : {};
  const behaviour: DestinationBehaviour = trouble === 'down' || trouble === 'slow' ? 'usual' : trouble;
  const destinations = {
    first: { request, behaviour, reach },
    ...(one.destinations === 3 && { second: { request }, third: { request } }),
  };
  const scene = stack.use(
    await openScene<string>({ seed, inbox: request, shape: { imageSize }, destinations }),
  );
  const [link] = links;
  if (link === undefined) throw new Error('the first destination was not reached');
  const disturb = (faults: Parameters<FaultProxy['disturb']>[0]) =>
    Promise.all([link.rest.disturb(faults), link.dicom.disturb(faults)]);
  if (trouble === 'down') await disturb({ refuse: true });
  if (trouble === 'slow') await disturb({ roundTripMs: 20, bytesPerSecond: 400_000 });
  const destinationUrls = Object.values(scene.destinations).map(({ url }) => url);
  const watching = await watchInbox({ inboxUrl: scene.inbox.url, destinationUrls, seed });
  const canAskByRest = ['peering', 'transfer', 'orthanc'].includes(mode) && one.destinations === 1;
  const ending = new AbortController();
  const running = scene.run({
    signal: ending.signal,
    more: [
      `--destination=${Object.keys(destinations).join(',')}`,
      `--mode=${mode}`,
      `--trigger=${trigger}`,
      '--max-retries=1',
      ...(canAskByRest ? [`--dest-url=${link.rest.url}`] : []),
    ],
  });
  if (trouble === 'down') {
    await watching.looked(4);
    await disturb({ refuse: false });
  }
  // Where there is no room the forwarder waits for some, for as long as it takes.
  if (trouble === 'full') {
    await Promise.race([running, watching.looked(30)]);
    ending.abort();
  }
  const { exitCode, stderr } = await running;
  const { lost, looks } = await watching.end();
  expect([stderr, lost]).toEqual(['', []]);
  expect(looks).toBeGreaterThan(2);
  const isProvable = canAskByRest || !['peering', 'transfer'].includes(mode);
  const isWell = trouble === 'down' || trouble === 'slow';
  if (isWell) expect(exitCode).toBe(0);
  if (isWell && isProvable) expect(await scene.held(scene.inbox)).toEqual([]);
  if (!isProvable || trouble === 'lying') expect(await scene.held(scene.inbox)).toEqual(scene.sent);
}
