import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type StudyStep, studySteps } from '../src/study-steps.ts';
import { type Scene, imagesOf, openScene } from './migration-scene.ts';
import { startMigrator } from './migrator-process.ts';

const jobsOf = async ({ orthanc }: Scene): Promise<string[]> =>
  (await (await fetch(`${orthanc.url}/jobs`)).json()) as string[];

const argumentsFor = (
  { orthanc, folder }: { orthanc: { url: string }; folder: string },
  ...more: readonly string[]
) => [
  `--url=${orthanc.url}`,
  '--from-study-date=20240101',
  '--to-study-date=20240331',
  '--worker-threads-count=1',
  `--ledger-path=${join(folder, 'migrator.ledger.sqlite')}`,
  `--report=${join(folder, 'report.json')}`,
  ...more,
];

const shape = { studies: 2, seriesPerStudy: 1, instancesPerSeries: 4 };
const stepsOfFetching: readonly StudyStep[] = studySteps.slice(0, 5).concat('answer');
const stepsOfSending: readonly StudyStep[] = studySteps.slice(5);

describe('killed at a step, the next run makes it whole, and moves nothing again that was proved', () => {
  it.each(stepsOfFetching)('%s', async (diesAt) => {
    await using scene = await openScene({ seed: `killed ${diesAt}`, shape });
    const argv = argumentsFor(scene, '--source-modality=pacs');
    const killed = await startMigrator(argv, { home: scene.folder, diesAt, time: 2 }).ended;
    expect(killed.signal).toBe('SIGKILL');
    const before = (await scene.pacs.moves()).length;
    const resumed = await startMigrator(argv, { home: scene.folder }).ended;
    expect(resumed.exitCode).toBe(0);
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
    const moves = await scene.pacs.moves();
    expect(resumed.stdout).toMatch(/"provedStudiesInLedger":2\b/);
    // The first study was proved before the second came to the step.
    expect(moves.slice(before).flatMap(({ uids }) => uids)).not.toContain(moves[0]?.uids[0]);
    expect(moves).toHaveLength(2);
  });

  it.each(stepsOfSending)('%s, and nothing is lost where the source is deleted', async (diesAt) => {
    await using scene = await openScene({ seed: `killed ${diesAt}`, shape, seeds: 'orthanc', archive: {} });
    const argv = argumentsFor(scene, '--destination-modality=archive', '--delete-from-source');
    const killed = await startMigrator(argv, { home: scene.folder, diesAt }).ended;
    expect(killed.signal).toBe('SIGKILL');
    const resumed = await startMigrator(argv, { home: scene.folder }).ended;
    expect(resumed.exitCode).toBe(0);
    expect(scene.archive && (await scene.images(scene.archive))).toEqual(imagesOf(scene.studies));
    expect(await scene.images(scene.orthanc)).toEqual([]);
  });
});

describe('a job in hand', () => {
  it('of a process that was killed is followed, not started again', async () => {
    await using scene = await openScene({ seed: 'followed', shape: { studies: 1 } });
    await scene.pacs.behave({ msPerImage: 100 });
    const argv = argumentsFor(scene, '--source-modality=pacs');
    const killed = await startMigrator(argv, { home: scene.folder, diesAt: 'follow the transfer' }).ended;
    expect(killed.signal).toBe('SIGKILL');
    const resumed = await startMigrator(argv, { home: scene.folder }).ended;
    expect(resumed.exitCode).toBe(0);
    expect((await scene.pacs.moves()).map(({ level }) => level)).toEqual(['STUDY']);
  });
});

describe('a job in hand that sends', () => {
  it('of a process that was killed is followed, not started again', async () => {
    const scenery = { shape: { studies: 1 }, seeds: 'orthanc', archive: {} } as const;
    await using scene = await openScene({ seed: 'sending followed', ...scenery });
    const argv = argumentsFor({ ...scene, orthanc: scene.proxy }, '--destination-modality=archive');
    const killed = await startMigrator(argv, { home: scene.folder, diesAt: 'follow the transfer' }).ended;
    expect(killed.signal).toBe('SIGKILL');
    const jobs = await jobsOf(scene);
    expect(jobs).toHaveLength(1);
    const asked: string[] = [];
    scene.proxy.addFault({
      effect: 'hold',
      until: Promise.resolve(),
      matching: ({ path }) => (asked.push(path), false),
    });
    const resumed = await startMigrator(argv, { home: scene.folder }).ended;
    expect(resumed.exitCode).toBe(0);
    expect(asked.find((path) => path.startsWith('/jobs/'))).toContain(jobs[0]);
    expect(await jobsOf(scene)).toEqual(jobs);
    expect(scene.archive && (await scene.images(scene.archive))).toEqual(imagesOf(scene.studies));
  });
});

describe('a server that is started again in the middle of a run', () => {
  it('as the source is waited for', async () => {
    await using scene = await openScene({ seed: 'source restarts', shape: { studies: 4 } });
    await scene.pacs.behave({ msPerImage: 50 });
    const process = startMigrator(argumentsFor(scene, '--source-modality=pacs'), { home: scene.folder });
    await process.says('"step":"follow the transfer"');
    await scene.pacs.orthanc.kill();
    await scene.pacs.orthanc.start();
    expect((await process.ended).exitCode).toBe(0);
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });

  it('as the destination is waited for', async () => {
    await using scene = await openScene({
      seed: 'destination restarts',
      shape: { studies: 4 },
      archive: {},
      seeds: 'orthanc',
    });
    const argv = argumentsFor(scene, '--destination-modality=archive', '--delete-from-source');
    const process = startMigrator(argv, { home: scene.folder });
    await process.says('"step":"send"');
    await scene.archive?.kill();
    await scene.archive?.start();
    expect((await process.ended).exitCode).toBe(0);
    expect(scene.archive && (await scene.images(scene.archive))).toEqual(imagesOf(scene.studies));
    expect(await scene.images(scene.orthanc)).toEqual([]);
  });

  it('as the migrating Orthanc is waited for', async () => {
    await using scene = await openScene({ seed: 'Orthanc restarts', shape: { studies: 4 } });
    await scene.pacs.behave({ msPerImage: 50 });
    const process = startMigrator(argumentsFor(scene, '--source-modality=pacs'), { home: scene.folder });
    await process.says('"step":"follow the transfer"');
    await scene.orthanc.kill();
    await scene.orthanc.start();
    expect((await process.ended).exitCode).toBe(0);
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });
});

describe('a signal', () => {
  it('pauses the run, another lets it go on', async () => {
    await using scene = await openScene({ seed: 'paused', shape: { studies: 3 } });
    const process = startMigrator(argumentsFor(scene, '--source-modality=pacs'), { home: scene.folder });
    await process.says('"step":"order the transfer"');
    process.kill('SIGUSR2');
    await process.says('"event":"tool.paused"');
    const moves = await scene.pacs.moves();
    expect(moves.length).toBeLessThan(3);
    process.kill('SIGCONT');
    expect((await process.ended).exitCode).toBe(0);
    expect(await scene.images(scene.orthanc)).toEqual(imagesOf(scene.studies));
  });

  it('ends the run after what is in hand, and the next one goes on', async () => {
    await using scene = await openScene({ seed: 'ended', shape: { studies: 3 } });
    const argv = argumentsFor(scene, '--source-modality=pacs');
    const process = startMigrator(argv, { home: scene.folder });
    await process.says('"step":"order the transfer"');
    process.kill('SIGTERM');
    expect((await process.ended).exitCode).toBe(130);
    expect((await startMigrator(argv, { home: scene.folder }).ended).exitCode).toBe(0);
    expect(await scene.pacs.moves()).toHaveLength(3);
  });
});
