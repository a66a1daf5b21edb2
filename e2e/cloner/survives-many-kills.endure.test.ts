import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { openCloneScene } from './clone-scene.ts';
import { randomNumbers } from '../command/random-moments.ts';

describe('the clone command, killed at twenty random moments', () => {
  it('brings and proves everything, sets nothing aside, and its ledger agrees with Orthanc', async () => {
    await using scene = await openCloneScene({ seed: 401, studies: 100, instancesPerSeries: 10 });
    expect(scene.instances).toBe(2000);
    // Four megabytes and what is said around them take about a minute.
    await scene.toDestination.disturb({ bytesPerSecond: 80_000 });
    const random = randomNumbers(401);
    const began = performance.now();
    let kills = 0;
    const interrupted: string[] = [];
    for (const { value } of Array.from({ length: 20 }, () => random.next())) {
      await using run = scene.start();
      // Not a sleep for something to happen: the random moment is what is tried.
      await Promise.race([delay(500 + value * 5000), run.ended]);
      run.kill('SIGKILL');
      const { signal, stdout } = await run.ended;
      if (signal === 'SIGKILL') kills += 1;
      interrupted.push(/"interrupted":(\d+)/.exec(stdout)?.[1] ?? '-');
    }
    const atKills = (await scene.status()).tally;
    const last = await scene.run();
    const seconds = (performance.now() - began) / 1000;
    console.log({ kills, interrupted: interrupted.join(' '), doneAtLastKill: atKills.done, seconds });
    expect([last.exitCode, last.stderr]).toEqual([0, '']);
    expect(kills).toBe(20);
    expect(await scene.differences()).toEqual([]);
    const { tally } = await scene.status();
    expect(tally).toMatchObject({ done: 100, waiting: 0, inHand: 0, setAside: 0, parts: 2000 });
    expect(tally.byProof).toEqual({ 'id+md5': { items: 100, parts: 2000 } });
  });
});
