import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  compareSnapshots,
  openTestbed,
  snapshotOrthanc,
  startFaultProxy,
} from '@orthanc-tools/orthanc-testbed';
import { isUpload, openCloneScene, uploadsBegun } from './clone-scene.ts';
import { type EndedCommand, builtTool, startCommand } from '../command/running-command.ts';
import { addManyItems } from './make-ledger.ts';

const cloner = builtTool('cloner');

const megabyte = 1024 * 1024;

describe('the clone command', () => {
  it('opens, resumes and reports a ledger that stands for 1,000,000 studies within 5 s and 250 MB', async () => {
    await using scene = await openCloneScene({ seed: 411, studies: 20 });
    expect((await scene.run()).exitCode).toBe(0);
    addManyItems(scene.ledgerPath, 1_000_000);
    scene.toDestination.forget();

    const status = await startCommand(cloner, ['status', `--ledger-path=${scene.ledgerPath}`]).ended;
    const run = await scene.run();
    console.log(
      [status, run].map(({ seconds, peakMemory = 0 }) => ({ seconds, megabytes: peakMemory / megabyte })),
    );
    expect(status.stdout).toContain('1,000,000');
    expect(run.stdout).toContain('"interrupted":20');
    expect([status.exitCode, run.exitCode]).toEqual([0, 0]);
    expect((await scene.report()).summary).toMatchObject({
      alreadyThereInstances: scene.instances,
      copiedInstances: 0,
      provedStudiesInLedger: 1_000_020,
    });
    expect(scene.toDestination.requests.filter(isUpload)).toEqual([]);
    for (const { seconds, peakMemory } of [status, run]) {
      expect(seconds).toBeLessThan(5);
      expect(peakMemory).toBeLessThan(250 * megabyte);
    }
  });

  it('waits out a destination that refuses for 20 s, and no study loses an attempt', async () => {
    await using scene = await openCloneScene({ seed: 412, studies: 60 });
    await scene.toDestination.disturb({ roundTripMs: 50 });
    await using run = scene.start(['--max-retries=0', `--ledger-path=${scene.ledgerPath}`]);
    await uploadsBegun(scene.toDestination, 10);
    await scene.toDestination.disturb({ refuse: true });
    await delay(20_000);
    await scene.toDestination.clear();
    const { exitCode, seconds } = await run.ended;
    console.log({ seconds });
    expect(exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
    expect((await scene.status()).tally).toMatchObject({ done: 60, setAside: 0, parts: scene.instances });
  });

  it('keeps more than 80 % of its throughput when 2 % of the uploads are answered with 503', async () => {
    // What is stable has its DICOMweb plugin prepare answers: of the first copy it did so while the second one was measured.
    const configuration = { StableAge: 86_400 };
    const shape = { studies: 200, instancesPerSeries: 10 };
    await using scene = await openCloneScene({ seed: 413, ...shape, configuration });
    expect(scene.instances).toBe(4000);
    const quiet = copySeconds(await scene.run());
    const testbed = await openTestbed();
    await using second = await testbed.startOrthanc({ name: 'second', configuration });
    await using toSecond = await startFaultProxy(second.url, { seed: 413 });
    toSecond.addFault({ effect: 'answer', status: 503, matching: isUpload, rate: 0.02 });
    const noisy = copySeconds(await scene.runTowards(toSecond.url));
    const hits = toSecond.faultCount('answer');
    console.log({ quiet, noisy, ratio: quiet / noisy, hits });
    expect(hits).toBeGreaterThan(0);
    expect(
      compareSnapshots(await snapshotOrthanc(scene.source), await snapshotOrthanc(second)).areEqual,
    ).toBe(true);
    expect(quiet / noisy).toBeGreaterThan(0.8);
  });
});

/** How long a whole clone took, by its own word: starting Node is no throughput. */
function copySeconds({ exitCode, stdout }: EndedCommand): number {
  expect(exitCode).toBe(0);
  const [, durationMs] = /"event":"run.finished".*"durationMs":(\d+)/.exec(stdout) ?? [];
  return Number(durationMs) / 1000;
}
