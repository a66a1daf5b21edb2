import { expect } from '@jest/globals';
import {
  type FaultProxy,
  type RunningOrthanc,
  startFaultProxy,
  withTransfers,
} from '@orthanc-tools/orthanc-testbed';
import { modes } from '../src/destination.ts';
import { triggers } from '../src/unit.ts';
import { fillScene, openServers } from './forward-scene.ts';
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

/** The troubled destination, by its alias, and what is wrong with the way to it. */
const troubled = {
  down: 'linked',
  slow: 'linked',
  'refusing-every-tenth': 'refusing',
  full: 'full',
  lying: 'lying',
} as const;

export type MatrixServers = Awaited<ReturnType<typeof openMatrix>>;

/** The servers of all cases: a destination for each trouble, two that are well, and a link to the first that can be disturbed. */
export async function openMatrix() {
  await using opening = new AsyncDisposableStack();
  const links: FaultProxy[] = [];
  const reach = async ({ url, modality: [aet, , port] }: RunningOrthanc) => {
    const rest = opening.use(await startFaultProxy(url));
    const dicom = opening.use(await startFaultProxy(`http://127.0.0.1:${String(port)}`, { level: 'tcp' }));
    links.push(rest, dicom);
    return { peerUrl: rest.url, modality: [aet, '127.0.0.1', dicom.port] as const };
  };
  const request = withTransfers();
  const servers = opening.use(
    await openServers({
      inbox: request,
      destinations: {
        linked: { request, reach },
        refusing: { request, behaviour: 'refusing-every-tenth' },
        full: { request, behaviour: 'full' },
        lying: { request, behaviour: 'lying' },
        second: { request },
        third: { request },
      },
    }),
  );
  const disturb = (faults: Parameters<FaultProxy['disturb']>[0]) =>
    Promise.all(links.map((link) => link.disturb(faults)));
  const kept = opening.move();
  return {
    ...servers,
    disturb,
    /** By which the first destination is asked, through the link where it has one. */
    addressOf: (alias: keyof typeof servers.destinations) =>
      (alias === 'linked' ? links[0]?.url : undefined) ?? servers.destinations[alias].url,
    /** Leaves nothing of a case to the next one. */
    clear: async () => {
      await Promise.all(links.map((link) => link.clear()));
      for (const server of [servers.source, ...Object.values(servers.destinations)]) await empty(server);
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function empty({ url }: RunningOrthanc): Promise<void> {
  const Resources = (await (await fetch(`${url}/studies`)).json()) as string[];
  if (Resources.length > 0)
    await fetch(`${url}/tools/bulk-delete`, { method: 'POST', body: JSON.stringify({ Resources }) });
}

const isProvable = ({ mode, destinations }: MatrixCase) =>
  !['peering', 'transfer'].includes(mode) || destinations === 1;

/** Forwards while somebody else watches, and sees to it that nothing is gone before it is everywhere. */
export async function tryCase(one: MatrixCase, seed: number, servers: MatrixServers): Promise<void> {
  const { mode, trigger, trouble } = one;
  await servers.clear();
  const isWell = trouble === 'down' || trouble === 'slow';
  const first = troubled[trouble];
  const names = one.destinations === 1 ? [first] : ([first, 'second', 'third'] as const);
  await using scene = await fillScene(servers, { seed, shape: { imageSize } });
  if (trouble === 'down') await servers.disturb({ refuse: true });
  if (trouble === 'slow') await servers.disturb({ roundTripMs: 20, bytesPerSecond: 400_000 });
  const destinationUrls = names.map((name) => servers.destinations[name].url);
  const watching = await watchInbox({ inboxUrl: scene.inbox.url, destinationUrls, seed });
  const isAsked = ['peering', 'transfer', 'orthanc'].includes(mode) && one.destinations === 1;
  const ending = new AbortController();
  const running = scene.run({
    signal: ending.signal,
    quietTime: '0s',
    more: [
      `--destination=${names.join(',')}`,
      `--mode=${mode}`,
      `--trigger=${trigger}`,
      // What comes back in the middle of a job may cost an attempt more.
      `--max-retries=${isWell ? '5' : '1'}`,
      ...(isAsked ? [`--dest-url=${servers.addressOf(first)}`] : []),
    ],
  });
  if (trouble === 'down') {
    await watching.looked(4);
    await servers.disturb({ refuse: false });
  }
  // Where there is no room the forwarder waits for some, for as long as it takes.
  if (trouble === 'full') {
    await Promise.race([running, watching.looked(20)]);
    ending.abort();
  }
  const { exitCode, setAside, stderr } = await running;
  const { lost, looks } = await watching.end();
  expect([stderr, lost]).toEqual(['', []]);
  expect(looks).toBeGreaterThan(2);
  if (isWell) expect([exitCode, setAside]).toEqual([0, []]);
  if (isWell && isProvable(one)) expect(await scene.held(scene.inbox)).toEqual([]);
  if (!isProvable(one) || trouble === 'lying') expect(await scene.held(scene.inbox)).toEqual(scene.sent);
}
