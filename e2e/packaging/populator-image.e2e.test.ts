import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ToolImage,
  buildToolImage,
  openContainerNetwork,
  openTestbed,
  snapshotOrthanc,
} from '@orthanc-tools/orthanc-testbed';
import { pythonCommand } from './python-populator.ts';

const testbed = await openTestbed();
const onEngine = testbed.provider === 'containers' ? describe : describe.skip;

const configuration = { AuthenticationEnabled: true, RegisteredUsers: { user: 'pwd' } };

onEngine('[engine] the image of the populator', () => {
  let image: ToolImage;

  beforeAll(async () => {
    // Where the Orthanc of the tests is made first, that is not to count.
    await testbed.prepare();
    image = await buildToolImage('populator');
  });

  afterAll(async () => {
    await image[Symbol.asyncDispose]();
  });

  it('tells of the 5,000 studies of the Python documentation what it would make', async () => {
    await using network = await openContainerNetwork();
    await using tool = await network.startTool({
      image: image.name,
      command: [...pythonCommand, '--dry-run'],
    });
    expect(await tool.ended()).toBe(0);
    expect((await tool.log()).match(/"event":"study\.planned"/g)).toHaveLength(5000);
  });

  it('makes them by the same command line, but for address and number, into a volume too', async () => {
    await using network = await openContainerNetwork();
    await using orthanc = await network.startOrthanc('orthanc-a', { name: 'populated', configuration });
    const command = pythonCommand.map((word) =>
      word.replace('192.168.0.10', 'orthanc-a').replace('=5000', '=3'),
    );
    const volumes = { '/status': await network.createVolume() };
    await using tool = await network.startTool({ image: image.name, command, volumes });
    expect([await tool.ended(), await tool.log()]).toEqual([0, expect.stringContaining('run.finished')]);
    const held = (await snapshotOrthanc({ url: orthanc.url, user: 'user', password: 'pwd' })).size;
    expect(await tool.log()).toContain(`"storedInstances":${String(held)}`);
    const written = [
      ...command.slice(3).filter((word) => !word.startsWith('--url')),
      '--output=/status/studies',
    ];
    await using writer = await network.startTool({ image: image.name, command: written, volumes });
    expect(await writer.ended()).toBe(0);
    expect(await writer.log()).toContain(`"storedInstances":${String(held)}`);
  });

  it('does so by variables, stops at SIGTERM, and finds what it has stored when it goes on', async () => {
    await using network = await openContainerNetwork();
    await using orthanc = await network.startOrthanc('orthanc-a', { name: 'interrupted' });
    const environment = { ORTHANC_URL: 'http://orthanc-a:8042', STUDIES: '5000', SEED: '43' };
    const service = { image: image.name, volumes: { '/status': await network.createVolume() } };
    await using first = await network.startTool({ ...service, environment });
    await holdsSome(orthanc.url);
    const began = performance.now();
    expect(await first.stop()).toBe(130);
    expect(performance.now() - began).toBeLessThan(10_000);
    const stopped = finishOf(await first.log());
    expect(stopped.storedInstances).toBe(await countAt(orthanc.url));

    await using second = await network.startTool({
      ...service,
      environment: { ...environment, STUDIES: '3' },
    });
    expect(await second.ended()).toBe(0);
    const { storedInstances, alreadyThereInstances } = finishOf(await second.log());
    expect(alreadyThereInstances).toBeGreaterThan(0);
    expect(await countAt(orthanc.url)).toBe(stopped.storedInstances + storedInstances);
  });
});

async function countAt(url: string): Promise<number> {
  const answer = await fetch(`${url}/statistics`);
  return ((await answer.json()) as { CountInstances: number }).CountInstances;
}

/** Resolves when something has been stored there. */
async function holdsSome(url: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; (await countAt(url)) === 0; await delay(50))
    if (Date.now() > deadline) throw new Error('Nothing was stored within a minute.');
}

interface Finish {
  readonly storedInstances: number;
  readonly alreadyThereInstances: number;
}

/** The last line of its log: what it says it has done. */
function finishOf(log: string): Finish {
  const line = log.split('\n').find((one) => one.includes('"event":"run.finished"'));
  if (line === undefined) throw new Error(`It did not say what it has done:\n${log.slice(-2000)}`);
  return JSON.parse(line) as Finish;
}
