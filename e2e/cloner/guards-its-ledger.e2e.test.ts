import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openCloneScene, uploadsBegun } from './clone-scene.ts';
import { makeVersion1Ledger } from './make-ledger.ts';
import { canMount, mountSmallDisk } from './small-disk.ts';

const whereMountingIsAllowed = canMount() ? it : it.skip;

describe('the ledger of the clone command', () => {
  it('is refused to a second process with one sentence, and shown by status meanwhile', async () => {
    await using scene = await openCloneScene({ seed: 311, studies: 20 });
    await scene.toDestination.disturb({ stall: true });
    await using first = scene.start();
    await first.printed('run.started');
    // The servers are asked before the ledger is opened: let that pass.
    await scene.toDestination.disturb({ stall: false, bytesPerSecond: 50_000 });
    await uploadsBegun(scene.toDestination, 3);

    const second = await scene.run();
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toBe(
      `orthanc-cloner: The ledger ${scene.ledgerPath} is in use by another process. [LEDGER_IN_USE]\n`,
    );
    const { tally } = await scene.status();
    expect(tally.inHand).toBeGreaterThan(0);
    expect(tally.waiting + tally.inHand + tally.done).toBe(20);

    await scene.toDestination.clear();
    expect((await first.ended).exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
  });

  it('is upgraded when an older release wrote it, with all that it knows', async () => {
    await using scene = await openCloneScene({ seed: 312, studies: 4 });
    makeVersion1Ledger(scene.ledgerPath);
    expect((await scene.status()).tally).toMatchObject({
      done: 1,
      parts: 4,
      byCode: { INSTANCE_FILTERED: 1 },
    });

    const run = await scene.run();
    // What was set aside before is still told.
    expect(run.exitCode).toBe(3);
    expect((await scene.report()).setAside).toEqual([
      expect.objectContaining({ key: 'item-3', code: 'INSTANCE_FILTERED' }),
    ]);
    expect(await scene.differences()).toEqual([]);
    const { tally } = await scene.status();
    // The item in hand is none of this source: vanished.
    expect(tally.byOutcome).toMatchObject({ copied: 6, vanished: 1 });
  });

  whereMountingIsAllowed(
    'on a full disk stops the run with LEDGER_DISK_FULL, and nothing is lost when there is room again [needs the right to mount]',
    async () => {
      using disk = mountSmallDisk(2048);
      if (disk === undefined) throw new Error('mounting was possible a moment ago');
      await using scene = await openCloneScene({ seed: 313, studies: 60 });
      const ledgerPath = join(disk.folder, 'ledger.sqlite');
      await scene.toDestination.disturb({ roundTripMs: 50, bytesPerSecond: 200_000 });
      await using run = scene.start([`--ledger-path=${ledgerPath}`]);
      await uploadsBegun(scene.toDestination, 10);
      // What was done by then is still known afterwards.
      while ((await scene.status(ledgerPath)).tally.done === 0);
      disk.fill();
      const stopped = await run.ended;
      expect([stopped.stderr, stopped.exitCode]).toEqual([
        `orthanc-cloner: The disk that holds the ledger ${ledgerPath} is full. [LEDGER_DISK_FULL]\n  because: database or disk is full\n`,
        2,
      ]);
      expect(stopped.stdout).toContain('LEDGER_DISK_FULL');
      expect((await scene.report()).exitCode).toBe(2);

      disk.makeRoom();
      await scene.toDestination.clear();
      const { tally } = await scene.status(ledgerPath);
      expect(tally).toMatchObject({ setAside: 0 });
      expect(tally.done).toBeGreaterThan(0);
      expect((await scene.run([`--ledger-path=${ledgerPath}`])).exitCode).toBe(0);
      expect(await scene.differences()).toEqual([]);
      expect((await scene.status(ledgerPath)).tally).toMatchObject({
        done: 60,
        setAside: 0,
        parts: scene.instances,
      });
    },
  );
});
