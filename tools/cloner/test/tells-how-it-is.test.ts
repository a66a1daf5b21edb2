import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type FaultProxy, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { openScene } from './clone-scene.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  server.close();
  await once(server, 'close');
  return address.port;
}

/** What is printed, as something to wait for. */
function printedLines() {
  const waiting: { readonly event: string; readonly seen: () => void }[] = [];
  let read = 0;
  return {
    onOutput(stdout: string) {
      const fresh = stdout.slice(read);
      read = stdout.length;
      for (const { event, seen } of [...waiting]) if (fresh.includes(`"event":"${event}"`)) seen();
    },
    /** Resolves with the next line of this event. */
    next: (event: string) =>
      new Promise<void>((resolve) => {
        const one = { event, seen: resolve };
        waiting.push(one);
      }),
  };
}

/** Every request breaks until the returned function is called. */
const goesAway = (proxy: FaultProxy) => proxy.addFault({ effect: 'answer', status: 503 });

describe('a cloner that follows', () => {
  it('is ready while its servers answer, and paused while one of them does not', async () => {
    await using scene = await openScene({ seed: 501, studies: 2 });
    const port = String(await freePort());
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    const health = async () => ({
      live: (await get('/health/live')).status,
      ready: (await get('/health/ready')).status,
      paused: /orthanc_tool_paused\{.*\} 1/.test(await (await get('/metrics')).text()),
    });
    const well = { live: 200, ready: 200, paused: false };
    const waiting = { live: 200, ready: 503, paused: true };

    const printed = printedLines();
    const ending = new AbortController();
    const following = scene.usualArguments.filter((argument) => argument !== '--existing-changes-only');
    const argv = [...following, `--metrics-port=${port}`];
    const copied = printed.next('study.verified');
    const run = scene.run({ argv, signal: ending.signal, onOutput: printed.onOutput });
    await copied;
    expect(await health()).toEqual(well);

    let [told, answered] = [printed.next('server.waited_for'), printed.next('server.answered')];
    let comeBack = goesAway(scene.toSource);
    await told;
    expect(await health()).toEqual(waiting);
    comeBack();
    await answered;
    expect(await health()).toEqual(well);

    [told, answered] = [printed.next('tool.paused'), printed.next('tool.resumed')];
    comeBack = goesAway(scene.toDestination);
    await seedOrthanc(scene.source, filesOf(502));
    await told;
    expect(await health()).toEqual(waiting);
    comeBack();
    await answered;
    expect(await health()).toEqual(well);

    ending.abort();
    expect(await run).toMatchObject({ exitCode: 130, stderr: '' });
  });
});

function* filesOf(seed: number): Generator<Uint8Array> {
  const archive = synthesizeArchive({
    seed,
    studies: 1,
    seriesPerStudy: 1,
    instancesPerSeries: 2,
    imageSize: 16,
  });
  for (const study of archive) for (const instance of study.instances()) yield instance.bytes;
}
