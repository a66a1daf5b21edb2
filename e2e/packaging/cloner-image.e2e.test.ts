import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ContainerNetwork,
  type RunningOrthanc,
  type ToolImage,
  buildToolImage,
  compareSnapshots,
  openContainerNetwork,
  openTestbed,
  seedOrthanc,
  snapshotOrthanc,
} from '@orthanc-tools/orthanc-testbed';
import { blocksTriedBy } from '../docs/blocks-tried-by.ts';
import { filesOf } from '../cloner/clone-scene.ts';

// As the Python tool's documentation has it, letter by letter.
const composeFile = `
version: "3"
services:
    orthanc-cloner:
        image: orthancteam/python-orthanc-tools:0.6.0
        volumes: ["orthanc-cloner:/status"]
        environment:
            TZ: "Etc/UTC"
            RUN_ONLY_AT_NIGHT_AND_WEEKEND: "true"
            NIGHT_START_HOUR: "15"
            NIGHT_END_HOUR: "6"
            SOURCE_URL: "http://orthanc-a:8042"
#            SOURCE_USER: "user"
#            SOURCE_PWD: "pwd"
            DEST_URL: "http://orthanc-b:8042"
#            DEST_USER: "user"
#            DEST_PWD: "pwd"
            MODE: "Default"
            PERSIST_STATE_PATH: "/status/status.txt"
            WORKER_THREADS_COUNT: "6"
#            VERBOSE_ENABLED: "true"
            ERROR_FOLDER_PATH: "/status"
            MAX_RETRIES: "3"
        entrypoint: python -m orthanc_tools.orthanc_cloner
volumes:
    orthanc-cloner:  
`;

const documented = Object.fromEntries(
  [...composeFile.matchAll(/^ {12}([A-Z_]+): "(.*)"$/gm)].map(([, name = '', value = '']) => [name, value]),
);

const service = {
  // No clock can be given to a container: the night lasts all day, so that the test runs at any hour.
  environment: { ...documented, NIGHT_START_HOUR: '0', NIGHT_END_HOUR: '24' },
  entrypoint: /^ {8}entrypoint: (.*)$/m.exec(composeFile)?.[1]?.split(' ') ?? [],
};

const testbed = await openTestbed();
const onEngine = testbed.provider === 'containers' ? describe : describe.skip;

onEngine('[engine] the image of the cloner', () => {
  let image: ToolImage;

  beforeAll(async () => {
    // Where the Orthanc of the tests is made first, that is not to count.
    await testbed.prepare();
    image = await buildToolImage('cloner');
  });

  afterAll(async () => {
    await image[Symbol.asyncDispose]();
  });

  it('takes the place of the Python image in a compose file, stops at SIGTERM, and goes on without uploading again', async () => {
    expect(Object.keys(documented)).toHaveLength(11);
    await using scene = await openScene(701, 4);
    const { network, source, destination, instances } = scene;
    const compose = { ...service, image: image.name, volumes: { '/status': await network.createVolume() } };

    await using first = await network.startTool(compose);
    await first.printed('"study.verified"', 4);
    await expectCopied(source, destination, instances);
    expect(await first.exec(['node', '-p', '[process.getuid(), process.getgid()].join()'])).toBe(
      '1000,1000\n',
    );
    expect(await first.exec(['node', '-e', 'fs.writeFileSync("/opt/x", "")'])).toContain('EROFS');
    expect(await first.exec(['orthanc-cloner', 'status', '--json'])).toContain(`"done": 4`);
    await first.isHealthy();

    const began = performance.now();
    expect(await first.stop()).toBe(130);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await first.log()).toContain('run.interrupted');

    const arrivals = await arrivalsAt(destination);
    await using second = await network.startTool({
      ...compose,
      environment: { ...compose.environment, EXISTING_CHANGES_ONLY: 'true' },
    });
    expect(await second.ended()).toBe(0);
    // Found in the volume: nothing had even to be looked at again.
    expect(finishOf(await second.log())).toMatchObject({
      studies: 0,
      copiedInstances: 0,
      provedInstancesInLedger: instances,
    });
    expect(await arrivalsAt(destination)).toBe(arrivals);
    expect(arrivals).toBe(instances);
  });

  it('runs a command line of the Python tool', async () => {
    await using scene = await openScene(702, 2);
    const { network, source, destination, instances } = scene;
    const command =
      'python3 -u -m orthanc_tools.orthanc_cloner --source_url=http://orthanc-a:8042 --dest_url=http://orthanc-b:8042 --existing_changes_only';
    await using tool = await network.startTool({ image: image.name, command: command.split(' ') });
    expect([await tool.ended(), await tool.log()]).toEqual([0, expect.stringContaining('run.finished')]);
    await expectCopied(source, destination, instances);
  });

  it('does what the README runs it for, by its own options', async () => {
    const [block] = await blocksTriedBy(import.meta.url, 'README.md');
    const [, options = ''] = /^docker run .* orthanc-tools\/cloner (.*)$/.exec(block.text) ?? [];
    await using scene = await openScene(703, 2);
    const { network, source, destination, instances } = scene;
    const volumes = { '/status': await network.createVolume() };
    await using tool = await network.startTool({ image: image.name, command: options.split(' '), volumes });
    expect([await tool.ended(), await tool.log()]).toEqual([0, expect.stringContaining('run.finished')]);
    await expectCopied(source, destination, instances);
  });

  it('refuses any other program of Python, in one line and with exit code 2', async () => {
    await using network = await openContainerNetwork();
    const command = ['-c', 'print(1)'];
    await using tool = await network.startTool({ image: image.name, entrypoint: ['python'], command });
    expect([await tool.ended(), await tool.log()]).toEqual([
      2,
      'python: only "-m orthanc_tools.<module>" is understood here.\n',
    ]);
  });

  it('ends at SIGTERM before the tool itself listens to signals', async () => {
    await using network = await openContainerNetwork();
    // Only `run` listens; without the launcher nothing would end a first process that does not.
    const entrypoint = ['node', '--import', 'data:text/javascript,setInterval(() => {}, 1000)'];
    const command = ['/opt/orthanc-tools/launch-tool.mjs', '--version'];
    await using tool = await network.startTool({ image: image.name, entrypoint, command });
    await tool.printed('orthanc-cloner 1.');
    expect(await tool.stop()).toBe(130);
  });
});

interface Scene extends AsyncDisposable {
  readonly network: ContainerNetwork;
  readonly source: RunningOrthanc;
  readonly destination: RunningOrthanc;
  readonly instances: number;
}

/** Two real Orthancs, by the names of the compose file, and studies in the first one. */
async function openScene(seed: number, studies: number): Promise<Scene> {
  const stack = new AsyncDisposableStack();
  const network = stack.use(await openContainerNetwork());
  const source = stack.use(await network.startOrthanc('orthanc-a', { name: 'source' }));
  // Whatever is uploaded again counts as another arrival here.
  const configuration = { OverwriteInstances: true };
  const destination = stack.use(
    await network.startOrthanc('orthanc-b', { name: 'destination', configuration }),
  );
  const { instances } = await seedOrthanc(source, filesOf({ seed, studies }));
  return { network, source, destination, instances, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function expectCopied(
  source: RunningOrthanc,
  destination: RunningOrthanc,
  instances: number,
): Promise<void> {
  const held = [
    await snapshotOrthanc(source, { read: 'files' }),
    await snapshotOrthanc(destination, { read: 'files' }),
  ] as const;
  expect(compareSnapshots(...held).areEqual).toBe(true);
  expect(held[0].size).toBe(instances);
}

/** The last line of its log: what it says it has done. */
function finishOf(log: string): unknown {
  const line = log.split('\n').find((one) => one.includes('"event":"run.finished"'));
  return JSON.parse(line ?? 'null');
}

/** How often an instance was stored, by Orthanc's own record. */
async function arrivalsAt({ url }: RunningOrthanc): Promise<number> {
  const answer = await fetch(`${url}/changes?type=NewInstance&limit=1000`);
  return ((await answer.json()) as { Changes: unknown[] }).Changes.length;
}
