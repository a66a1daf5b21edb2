import { describe, expect, it } from '@jest/globals';
import { isUpload, openCloneScene, uploadsBegun } from './clone-scene.ts';

describe('the clone command, killed', () => {
  it('resumes where it stopped after three kills: everything is there, proved, none set aside', async () => {
    await using scene = await openCloneScene({ seed: 301, studies: 40 });
    await scene.toDestination.disturb({ bytesPerSecond: 100_000, roundTripMs: 20 });
    for (const uploads of [3, 6, 9]) {
      await using run = scene.start();
      await uploadsBegun(scene.toDestination, uploads);
      run.kill('SIGKILL');
      expect((await run.ended).signal).toBe('SIGKILL');
    }
    await scene.toDestination.clear();
    const last = await scene.run();
    expect([last.exitCode, last.stderr]).toEqual([0, '']);
    expect(last.stdout).toMatch(/"interrupted":[1-9]/);
    expect(await scene.differences()).toEqual([]);
    const { tally } = await scene.status();
    expect(tally).toMatchObject({ done: 40, waiting: 0, inHand: 0, setAside: 0, parts: scene.instances });
    expect(tally.byProof).toEqual({ 'id+md5': { items: 40, parts: scene.instances } });
  });

  it('finishes what is in hand on SIGTERM, exits with 130, and goes on from there', async () => {
    await using scene = await openCloneScene({ seed: 302, studies: 60 });
    await scene.toDestination.disturb({ roundTripMs: 150 });
    await using run = scene.start(['--worker-threads-count=2', `--ledger-path=${scene.ledgerPath}`]);
    await uploadsBegun(scene.toDestination, 4);
    run.kill('SIGTERM');
    const stopped = await run.ended;
    expect([stopped.exitCode, stopped.stderr]).toEqual([130, '']);
    expect(stopped.stdout).toContain('run.draining');
    const { tally } = await scene.status();
    expect(tally).toMatchObject({ inHand: 0, setAside: 0 });
    expect(tally.waiting).toBeGreaterThan(0);
    expect(tally.parts).toBe(await heldInstances(scene.destination.url));
    expect((await scene.report()).exitCode).toBe(130);

    await scene.toDestination.clear();
    scene.toDestination.forget();
    expect((await scene.run()).exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
    // Near by, each instance is stored by a request of its own; a busy machine makes a destination look far, and then
    // several go together. Never is there more to send than what was missing.
    const uploads = scene.toDestination.requests.filter(isUpload).length;
    expect(uploads).toBeGreaterThan(0);
    expect(uploads).toBeLessThanOrEqual(scene.instances - tally.parts);
  });

  it('uploads nothing when it runs again over a finished clone, and says so', async () => {
    await using scene = await openCloneScene({ seed: 303, studies: 20 });
    expect((await scene.run()).exitCode).toBe(0);
    scene.toDestination.forget();
    const again = await scene.run();
    expect(again.exitCode).toBe(0);
    expect(again.seconds).toBeLessThan(5);
    expect(scene.toDestination.requests.filter(isUpload)).toEqual([]);
    expect((await scene.report()).summary).toMatchObject({
      copiedInstances: 0,
      provedInstancesInLedger: scene.instances,
    });
  });
});

async function heldInstances(url: string): Promise<number> {
  const answer = await fetch(`${url}/statistics`);
  return ((await answer.json()) as { CountInstances: number }).CountInstances;
}
