import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { type RunningOrthanc, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { randomNumbers } from '../command/random-moments.ts';
import { type RunningCommand, builtTool, startCommand } from '../command/running-command.ts';
import { type CloneScene, filesOf, isUpload, openCloneScene } from './clone-scene.ts';
import { type MemorySample, drawMemory } from './draw-memory.ts';

const minutes = 20;
const megabyte = 1024 * 1024;
const cloner = builtTool('cloner');
const output = fileURLToPath(new URL('../../bench/output/', import.meta.url));

describe('the clone command, for twenty minutes of trouble', () => {
  it('loses nothing, holds nothing twice, and does not grow', async () => {
    await using scene = await openCloneScene({ seed: 431, studies: 100 });
    const random = randomNumbers(431);
    const number = () => random.next().value;
    const samples: MemorySample[] = [];
    const troubles = new Map<string, number>();
    const began = performance.now();
    let added = 0;
    let run = follow(scene);

    const actions: Readonly<Record<string, () => Promise<void>>> = {
      'new studies': async () => {
        added += 1;
        await seedOrthanc(scene.source, filesOf({ seed: 10_000 + added, studies: 3 }));
      },
      'a kill': async () => {
        run.kill('SIGKILL');
        await run.ended;
        run = follow(scene);
      },
      'a restart of the source': () => scene.source.restart(),
      'a restart of the destination': () => scene.destination.restart(),
      'a destination killed': async () => {
        await scene.destination.kill();
        await scene.destination.start();
      },
      'refused uploads': async () => {
        const end = scene.toDestination.addFault({
          effect: 'answer',
          status: 503,
          matching: isUpload,
          rate: 0.3,
        });
        await delay(4000);
        end();
      },
      'lost answers': async () => {
        const end = scene.toDestination.addFault({ effect: 'lose-answer', matching: isUpload, rate: 0.2 });
        await delay(4000);
        end();
      },
      'uploads cut off': async () => {
        const fault = { effect: 'cut-request', afterBytes: 3000, matching: isUpload, rate: 0.2 } as const;
        const end = scene.toDestination.addFault(fault);
        await delay(4000);
        end();
      },
      'answers cut off': async () => {
        const end = scene.toSource.addFault({ effect: 'cut-answer', afterBytes: 3000, rate: 0.1 });
        await delay(4000);
        end();
      },
      'a destination that refuses': async () => {
        await scene.toDestination.disturb({ refuse: true });
        await delay(5000);
        await scene.toDestination.disturb({ refuse: false });
      },
      'a source that stalls': async () => {
        await scene.toSource.disturb({ stall: true });
        await delay(3000);
        await scene.toSource.disturb({ stall: false });
      },
    };
    const names = Object.keys(actions);

    while (performance.now() - began < minutes * 60_000) {
      // Every other time something new, so that there is something to lose.
      const name = number() < 0.5 ? 'new studies' : (names[Math.floor(number() * names.length)] ?? '');
      troubles.set(name, (troubles.get(name) ?? 0) + 1);
      await actions[name]?.();
      // Not a wait for something to happen: the pace of the trouble.
      await delay(500 + number() * 3000);
      samples.push({ seconds: (performance.now() - began) / 1000, bytes: await memoryOf(run) });
    }
    run.kill('SIGTERM');
    expect((await run.ended).exitCode).toBe(130);
    const last = await scene.run();
    const studies = 100 + 3 * added;
    await mkdir(output, { recursive: true });
    await writeFile(join(output, 'cloner-soak.svg'), drawMemory(samples));
    console.log(Object.fromEntries(troubles), { studies, plot: join(output, 'cloner-soak.svg') });

    expect([last.exitCode, last.stderr]).toEqual([0, '']);
    expect(await scene.differences()).toEqual([]);
    const counts = await Promise.all([scene.source, scene.destination].map(countsOf));
    expect(counts[1]).toEqual(counts[0]);
    const { tally } = await scene.status();
    expect(tally).toMatchObject({ done: studies, waiting: 0, inHand: 0, setAside: 0 });
    expect(tally.parts).toBe(counts[0]?.instances);
    const quarter = Math.floor(samples.length / 4);
    const [early, late] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)].map(mean);
    expect(Math.max(...samples.map(({ bytes }) => bytes))).toBeLessThan(250 * megabyte);
    expect(late).toBeLessThan((early ?? 0) * 1.25);
  });
});

const follow = (scene: CloneScene): RunningCommand =>
  startCommand(cloner, [
    `--source-url=${scene.toSource.url}`,
    `--dest-url=${scene.toDestination.url}`,
    `--ledger-path=${scene.ledgerPath}`,
    '--log-format=json',
    '--source-timeout=10s',
    '--dest-timeout=10s',
  ]);

async function countsOf({ url }: RunningOrthanc): Promise<{ studies: unknown; instances: unknown }> {
  const answer = await fetch(`${url}/statistics`);
  const { CountStudies, CountInstances } = (await answer.json()) as Readonly<Record<string, unknown>>;
  return { studies: CountStudies, instances: CountInstances };
}

/** Resident, in bytes. */
async function memoryOf({ pid }: RunningCommand): Promise<number> {
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

const mean = (samples: readonly MemorySample[]): number =>
  samples.reduce((sum, { bytes }) => sum + bytes, 0) / samples.length;
