import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type FaultProxy, seedOrthanc, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type Mode, type ModeScene, type OpenModeScene, asked } from './mode-scene.ts';

const command = fileURLToPath(new URL('../bin/orthanc-cloner.mjs', import.meta.url));

/** All ways to the destination. */
const ways = ({ toPeer, toModality, toDestination }: ModeScene) => [toPeer, toModality, toDestination];

/** Between the source and the destination. */
function disturbLinks({ toPeer, toModality }: ModeScene, faults: Parameters<FaultProxy['disturb']>[0]): void {
  for (const link of [toPeer, toModality]) void link.disturb(faults);
}

/** Once the output has told of an event, and not again. */
function onceTold(event: string, act: () => void): (stdout: string) => void {
  let isDone = false;
  return (stdout) => {
    if (isDone || !stdout.includes(event)) return;
    isDone = true;
    act();
  };
}

const held = async (scene: ModeScene) => (await snapshotOrthanc(scene.destination, { read: 'index' })).size;

/** A study of one image of two bytes for each pixel. */
async function seedOne(
  orthanc: ModeScene['destination'],
  shape: { readonly seed: number; readonly imageSize: number },
): Promise<void> {
  const one = { studies: 1, seriesPerStudy: 1, instancesPerSeries: 1 };
  const [study] = synthesizeArchive({ modalities: ['CT'], ...one, ...shape });
  await seedOrthanc(
    orthanc,
    Array.from(study?.instances() ?? [], ({ bytes }) => bytes),
  );
}

/** Takes up most of the megabyte that it has room for; gives the way to free it. */
async function fill(destination: ModeScene['destination']): Promise<() => Promise<void>> {
  await seedOne(destination, { seed: 716, imageSize: 675 });
  const [id] = (await (await fetch(`${destination.url}/studies`)).json()) as string[];
  return async () => void (await fetch(`${destination.url}/studies/${id ?? ''}`, { method: 'DELETE' }));
}

async function jobsOf(scene: ModeScene): Promise<{ State: string }[]> {
  const answer = await fetch(`${scene.source.url}/jobs?expand`);
  return (await answer.json()) as { State: string }[];
}

async function untilAJobRuns(scene: ModeScene): Promise<void> {
  const until = Date.now() + 60_000;
  while (!(await jobsOf(scene)).some(({ State }) => State === 'Running')) {
    if (Date.now() > until) throw new Error('no job was begun');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What a mode gets through, on servers that are opened as the test says. */
export function describeTrouble(mode: Mode, open: OpenModeScene): void {
  it('a destination that is away is waited for, and nothing is set aside', async () => {
    await using scene = await open({ seed: 710, studies: 3 });
    const goesAway = onceTold('mode.chosen', () => {
      if (mode === 'Default')
        scene.toDestination.addFault({
          effect: 'answer',
          status: 503,
          matching: ({ method, path }) => method === 'POST' && path.endsWith('/instances'),
        });
      else disturbLinks(scene, { refuse: true });
    });
    const comesBack = onceTold(mode === 'Default' ? 'study.rescheduled' : 'tool.paused', () => {
      for (const way of ways(scene)) void way.clear();
    });
    const onOutput = (stdout: string) => {
      goesAway(stdout);
      comesBack(stdout);
    };
    const run = await scene.run({ argv: asked(scene, mode), onOutput });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.report.summary).toMatchObject({ provedInstances: 30, setAsideStudies: 0 });
    expect(await scene.received()).toBe(30);
  });

  it('a destination that says that it is full is waited for, and nothing is set aside', async () => {
    await using scene = await open({
      seed: 715,
      studies: 3,
      imageSize: 64,
      link: { behaviour: 'full' },
    });
    const makeRoom = await fill(scene.destination);
    const onOutput = onceTold('tool.paused', () => void makeRoom());
    const run = await scene.run({ argv: asked(scene, mode, '--max-retries=0'), onOutput });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stdout).toMatch(/"reason":"(ORTHANC_STORAGE|DESTINATION)_FULL"/);
    expect(run.report.summary).toMatchObject({ provedInstances: 30, setAsideStudies: 0 });
  });

  it.each([
    ['has too little room left for one image', 'DESTINATION_LACKS_ROOM', 600],
    ['could never hold one image', 'DESTINATION_TOO_SMALL', 800],
  ])('a destination that %s takes all others', async (_, code, imageSize) => {
    await using scene = await open({ seed: 717, studies: 0, link: { behaviour: 'full' } });
    await seedOne(scene.destination, { seed: 716, imageSize: 450 });
    await seedOne(scene.source, { seed: 718, imageSize });
    for (const seed of [719, 720, 721]) await seedOne(scene.source, { seed, imageSize: 128 });
    const ending = new AbortController();
    const onOutput = onceTold('tool.paused', () => {
      ending.abort();
    });
    const argv = asked(scene, mode, '--max-retries=1');
    const run = await scene.run({ argv, onOutput, signal: ending.signal });
    expect(run).toMatchObject({ exitCode: 3 });
    expect(run.stdout).toContain(code);
    expect(run.stdout).not.toContain('tool.paused');
    expect(run.report.summary).toMatchObject({ provedInstances: 3, setAsideStudies: 1 });
  });
}

/** What a mode gets through where the source sends by itself, in jobs. */
export function describeTroubleOfJobs(mode: Mode, open: OpenModeScene): void {
  it('a job that hangs is cancelled, and what it did not bring is sent again', async () => {
    await using scene = await open({ seed: 711, studies: 2 });
    const hangs = onceTold('mode.chosen', () => {
      disturbLinks(scene, { stall: true });
    });
    const goesOn = onceTold('JOB_STALLED', () => {
      for (const way of ways(scene)) void way.clear();
    });
    const onOutput = (stdout: string) => {
      hangs(stdout);
      goesOn(stdout);
    };
    const run = await scene.run({ argv: asked(scene, mode, '--job-timeout=1s'), onOutput });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('JOB_STALLED');
    expect(run.report.summary).toMatchObject({ provedInstances: 20 });
  });

  it('jobs that Orthanc forgets at once are believed by what they brought', async () => {
    await using scene = await open({
      seed: 712,
      studies: 3,
      source: { configuration: { JobsHistorySize: 0 } },
    });
    const run = await scene.run({ argv: asked(scene, mode) });
    expect(run.exitCode).toBe(0);
    expect(run.report.summary).toMatchObject({ provedInstances: 30, setAsideStudies: 0 });
    expect(await scene.received()).toBe(30);
  });

  it('a source that restarts in the middle of a job goes on', async () => {
    await using scene = await open({ seed: 713, studies: 2 });
    const onOutput = onceTold('mode.chosen', () => {
      disturbLinks(scene, { stall: true });
    });
    const running = scene.run({ argv: asked(scene, mode, '--job-timeout=5s'), onOutput });
    await untilAJobRuns(scene);
    await scene.source.kill();
    for (const way of ways(scene)) await way.clear();
    await scene.source.start();
    const run = await running;
    expect(run.exitCode).toBe(0);
    expect(run.report.summary).toMatchObject({ provedInstances: 20, setAsideStudies: 0 });
    expect(await held(scene)).toBe(20);
  });

  it('killed while a job is going on, the next run waits for it and sends nothing twice', async () => {
    await using scene = await open({ seed: 714, studies: 2 });
    for (const way of [scene.toPeer, scene.toModality]) await way.disturb({ roundTripMs: 100 });
    const child = spawn(process.execPath, [command, ...asked(scene, mode)], { stdio: 'ignore' });
    await untilAJobRuns(scene);
    child.kill('SIGKILL');
    await once(child, 'close');
    const run = await scene.run({ argv: asked(scene, mode) });
    expect(run.exitCode).toBe(0);
    expect(run.report.summary).toMatchObject({ provedInstances: 20 });
    expect(await scene.received()).toBe(20);
  });
}
