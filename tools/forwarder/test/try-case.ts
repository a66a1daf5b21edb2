import { expect } from '@jest/globals';
import { type FinishedRun, type Scene, fillScene } from './forward-scene.ts';
import { watchInbox } from './inbox-watcher.ts';
import type { MatrixCase } from './matrix-cases.ts';
import type { MatrixServers } from './matrix-servers.ts';

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

/** Of these the forwarder asks the destination itself. */
const isAsked = ({ mode }: MatrixCase) => ['peering', 'transfer', 'orthanc'].includes(mode);

type Alias = keyof MatrixServers['destinations'];

/** One by the command line, several by a file: on the command line, one address is that of all. */
async function toDestinations(
  one: MatrixCase,
  names: readonly Alias[],
  { servers, scene }: { readonly servers: MatrixServers; readonly scene: Scene<Alias> },
): Promise<string[]> {
  const { mode } = one;
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0)
    return [
      `--destination=${only}`,
      `--mode=${mode}`,
      ...(isAsked(one) ? [`--dest-url=${servers.addressOf(only)}`] : []),
    ];
  const destinations = names.map((name) => ({
    ...{ name, mode },
    ...(mode !== 'orthanc' && { target: name }),
    ...(isAsked(one) && { url: servers.addressOf(name) }),
  }));
  return [await scene.destinationsFile({ destinations })];
}

/** Starts a run; `told` resolves when its log says so, or when it has ended. */
function startRun(scene: Scene<Alias>, more: readonly string[]) {
  const ending = new AbortController();
  const { promise: hasEnded, resolve: end } = Promise.withResolvers<undefined>();
  let printed = '';
  const waiting = new Set<() => void>();
  const running = scene
    .run({
      signal: ending.signal,
      quietTime: '0s',
      more,
      onOutput: (stdout) => {
        printed = stdout;
        for (const look of waiting) look();
      },
    })
    .finally(() => {
      end(undefined);
    });
  const told = (words: RegExp) => {
    const isTold = new Promise<undefined>((resolve) => {
      const look = () => {
        if (words.test(printed)) resolve(undefined);
      };
      waiting.add(look);
      look();
    });
    return Promise.race([isTold, hasEnded]);
  };
  return { running, told, end: () => ending.abort() };
}

const isAway = /"destination\.down"/;
const hasFailed = /"(destination\.down|unit\.rescheduled|unit\.set_aside)"/;

/** Forwards while somebody else watches, and sees to it that nothing is gone before it is everywhere. */
export async function tryCase(one: MatrixCase, seed: number, servers: MatrixServers): Promise<void> {
  const { trigger, trouble } = one;
  await servers.clear();
  const first = troubled[trouble];
  const names: readonly Alias[] = one.destinations === 1 ? [first] : [first, 'second', 'third'];
  await using scene = await fillScene(servers, { seed, shape: { imageSize } });
  if (trouble === 'down') await servers.disturb({ refuse: true });
  if (trouble === 'slow') await servers.disturb({ roundTripMs: 20, bytesPerSecond: 400_000 });
  const destinationUrls = names.map((name) => servers.destinations[name].url);
  const watching = await watchInbox({ inboxUrl: scene.inbox.url, destinationUrls, seed });
  const connections = servers.connectionCount();
  const run = startRun(scene, [
    ...(await toDestinations(one, names, { servers, scene })),
    `--trigger=${trigger}`,
    // What comes back in the middle of a job may cost an attempt more.
    `--max-retries=${passes(one) ? '5' : '1'}`,
  ]);
  if (trouble === 'down') {
    await run.told(isAway);
    await servers.disturb({ refuse: false });
  }
  // Where there is no room the forwarder waits for some, for as long as it takes.
  if (trouble === 'full') {
    await run.told(hasFailed);
    await Promise.race([run.running, watching.looked(20)]);
    run.end();
  }
  const finished = await run.running;
  const { lost, looks } = await watching.end();
  expect([finished.stderr, lost]).toEqual(['', []]);
  expect(looks).toBeGreaterThan(2);
  if (passes(one)) expect(servers.connectionCount()).toBeGreaterThan(connections);
  await expectOutcome(one, finished, { servers, scene });
}

/** The trouble is over at some time, or only slows down. */
const passes = ({ trouble }: MatrixCase): boolean => trouble === 'down' || trouble === 'slow';

/** That the trouble was met, and what became of it. */
async function expectOutcome(
  { trouble, destinations }: MatrixCase,
  { exitCode, setAside, stdout }: FinishedRun,
  { servers, scene }: { readonly servers: MatrixServers; readonly scene: Scene<Alias> },
): Promise<void> {
  const here = await scene.held(scene.inbox);
  const there = await scene.held(servers.destinations[troubled[trouble]]);
  const isComplete = exitCode === 0;
  if (trouble === 'down') expect(stdout).toMatch(isAway);
  if (trouble === 'full') expect(stdout).toMatch(hasFailed);
  if (trouble === 'down' || trouble === 'slow') expect([exitCode, setAside, here]).toEqual([0, [], []]);
  // Of twelve that are sent, one at least is a tenth: what is missing now was named, or sent once more.
  if (trouble === 'refusing-every-tenth')
    expect([setAside.length === 0, here.length === 0, there.length === scene.sent.length]).toEqual([
      ...[isComplete, isComplete, isComplete],
    ]);
  if (trouble === 'full') {
    expect(there.length).toBeLessThan(scene.sent.length);
    expect(here).toEqual(expect.arrayContaining(scene.sent.filter((id) => !there.includes(id))));
  }
  if (trouble === 'lying') {
    expect([exitCode, there, here]).toEqual([3, [], scene.sent]);
    expect([...new Set(setAside.map(({ code }) => code))]).toEqual(['NOT_AT_DESTINATION']);
  }
  if (destinations === 3 && trouble !== 'full')
    for (const well of ['second', 'third'] as const)
      expect(await scene.held(servers.destinations[well])).toEqual(scene.sent);
}
