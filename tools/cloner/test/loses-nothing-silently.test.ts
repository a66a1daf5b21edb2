import { describe, expect, it } from '@jest/globals';
import { snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { changeOneInstance } from './change-one-instance.ts';
import { addStudies, openScene } from './clone-scene.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
}
const isUpload = ({ method, path }: Seen) =>
  method === 'POST' && /^\/(instances|dicom-web\/studies)/.test(path);
const isFileRead = ({ method, path }: Seen) =>
  method === 'GET' && /^\/(instances\/[^/]+\/file|dicom-web\/studies)/.test(path);

const codesOf = ({ setAside }: { setAside: readonly { parts: readonly { code: string }[] }[] }) =>
  setAside.flatMap(({ parts }) => parts.map(({ code }) => code)).toSorted();

const script = (lua: string) => ({
  files: { 'script.lua': lua },
  configuration: { LuaScripts: ['files:script.lua'] },
});

async function deleteStudies(orthanc: { readonly url: string }, count = Infinity): Promise<void> {
  const ids = (await (await fetch(`${orthanc.url}/studies`)).json()) as string[];
  for (const id of ids.slice(0, count)) await fetch(`${orthanc.url}/studies/${id}`, { method: 'DELETE' });
}

describe('what the destination says it stored', () => {
  it('is set aside by name where it does not hold it', async () => {
    await using scene = await openScene({ seed: 601, studies: 3 });
    // As a script at the destination that deletes what it has sent on.
    scene.toDestination.addFault({
      effect: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Status: 'Success', ID: '', ParentStudy: '' }),
      matching: isUpload,
    });
    const { exitCode, report } = await scene.run();
    expect(exitCode).toBe(3);
    expect(codesOf(report)).toEqual(Array(scene.instances).fill('NOT_THERE_AFTER_STORING'));
    expect(report.summary).toMatchObject({ provedInstances: 0, setAsideInstances: scene.instances });
  });

  it('is proved again when the destination was emptied since', async () => {
    await using scene = await openScene({ seed: 602 });
    expect((await scene.run()).exitCode).toBe(0);
    await deleteStudies(scene.destination);
    const { exitCode, stdout, report } = await scene.run();
    expect(stdout).toContain('destination.holds_less');
    expect(exitCode).toBe(0);
    expect(report.summary).toMatchObject({ copiedInstances: scene.instances });
    expect(await scene.differences()).toEqual([]);
  });
});

describe('what was proved once', () => {
  it('is looked at again when asked for: what changed or went since is found', async () => {
    await using scene = await openScene({
      seed: 611,
      studies: 3,
      destination: { configuration: { OverwriteInstances: 'Always' } },
    });
    expect((await scene.run()).exitCode).toBe(0);
    const changed = await changeOneInstance(scene.source, scene.destination);
    expect((await scene.run()).exitCode).toBe(0);
    const { exitCode, report } = await scene.run({ argv: [...scene.usualArguments, '--prove-again'] });
    expect(exitCode).toBe(3);
    expect(report.setAside.flatMap(({ parts }) => parts)).toEqual([
      expect.objectContaining({ part: changed, code: 'CONTENT_CONFLICT' }),
    ]);
  });
});

describe('a ledger that is used between other servers', () => {
  it('has everything proved again, and sends nothing twice', async () => {
    await using scene = await openScene({ seed: 610, studies: 3 });
    expect((await scene.run()).exitCode).toBe(0);
    const elsewhere = `--dest-url=${scene.destination.url}`;
    const { exitCode, stdout, report } = await scene.run({
      argv: scene.usualArguments.map((argument) =>
        argument.startsWith('--dest-url') ? elsewhere : argument,
      ),
    });
    expect(stdout).toContain('servers.changed');
    expect(exitCode).toBe(0);
    expect(report.summary).toMatchObject({ copiedInstances: 0, provedInstances: scene.instances });
  });
});

describe('a change log that goes back while it is followed', () => {
  it('has every study visited again', async () => {
    await using scene = await openScene({ seed: 603, studies: 3 });
    const ending = new AbortController();
    let hasWentBack = false;
    let isProvedAgain = false;
    const copies = (stdout: string) => stdout.split('"study.verified"').length - 1;
    const { exitCode, stdout } = await scene.run({
      argv: scene.usualArguments.filter((argument) => argument !== '--existing-changes-only'),
      signal: ending.signal,
      onOutput: (printed) => {
        if (!hasWentBack && copies(printed) === 3) {
          hasWentBack = true;
          // A source that was emptied or restored tells of fewer changes than were read.
          scene.toSource.addFault({
            effect: 'answer',
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ Changes: [], Done: true, Last: 2 }),
            matching: ({ path }) => path.startsWith('/changes?since'),
            // It is asked once more before it is believed.
            times: 2,
          });
          void addStudies(scene, 604);
        }
        if (!isProvedAgain && copies(printed) >= 8) {
          isProvedAgain = true;
          ending.abort();
        }
      },
    });
    expect(stdout).toContain('source.change_log_went_back');
    expect(exitCode).toBe(130);
    expect(await scene.differences()).toEqual([]);
  });
});

describe('an interrupted clone', () => {
  it('leaves nothing in flight, and its study goes on where it was', async () => {
    await using scene = await openScene({
      seed: 605,
      studies: 1,
      seriesPerStudy: 1,
      instancesPerSeries: 40,
      imageSize: 512,
    });
    await scene.toDestination.disturb({ bytesPerSecond: 1_000_000 });
    const ending = new AbortController();
    scene.toDestination.addFault({
      effect: 'hang',
      rate: 0,
      matching: (request) => {
        if (isUpload(request)) ending.abort();
        return false;
      },
    });
    const { exitCode } = await scene.run({ signal: ending.signal });
    expect(exitCode).toBe(130);
    const before = scene.toDestination.requests.filter(isUpload).length;
    await scene.toDestination.disturb({ bytesPerSecond: 0 });
    for (let time = 0; time < 5; time += 1) await fetch(`${scene.toDestination.url}/system`);
    expect(scene.toDestination.requests.filter(isUpload)).toHaveLength(before);
    const again = await scene.run();
    expect(again.exitCode).toBe(0);
    expect(again.report.summary['copiedInstances']).toBeLessThan(scene.instances);
    expect(await scene.differences()).toEqual([]);
  });
});

describe('access that is refused in the middle of a run', () => {
  it('concerns one study alone when it is refused for that study', async () => {
    await using scene = await openScene({ seed: 606, studies: 4 });
    let refused: string | undefined;
    scene.toSource.addFault({
      effect: 'answer',
      status: 403,
      matching: (request) => {
        if (!isFileRead(request)) return false;
        refused ??= request.path;
        return request.path === refused;
      },
    });
    const { exitCode, report } = await scene.run({ argv: [...scene.usualArguments, '--max-retries=1'] });
    expect(exitCode).toBe(3);
    expect(report.setAside.map(({ code }) => code)).toEqual(['ORTHANC_UNAUTHORIZED']);
    expect(report.summary['provedStudiesInLedger']).toBe(3);
  });

  it('is waited for when it is refused for everything', async () => {
    await using scene = await openScene({ seed: 607, studies: 4 });
    let isRefusing: boolean | undefined;
    scene.toDestination.addFault({
      effect: 'answer',
      status: 401,
      matching: (request) => {
        if (isUpload(request)) isRefusing ??= true;
        return isRefusing ?? false;
      },
    });
    const { exitCode, stdout } = await scene.run({
      onOutput: (printed) => {
        if (printed.includes('tool.paused')) isRefusing = false;
      },
    });
    expect(stdout).toContain('tool.paused');
    expect(exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
  });
});

describe('a study that is deleted at the source while it is copied', () => {
  it('has vanished, and is not called proved', async () => {
    await using scene = await openScene({ seed: 608, studies: 1 });
    const { promise: until, resolve: goOn } = Promise.withResolvers<undefined>();
    let deletion: Promise<void> | undefined;
    scene.toSource.addFault({
      effect: 'hold',
      until,
      matching: (request) => {
        if (isFileRead(request))
          deletion ??= deleteStudies(scene.source).finally(() => {
            goOn(undefined);
          });
        return isFileRead(request);
      },
    });
    const { exitCode, report } = await scene.run();
    await deletion;
    expect(exitCode).toBe(0);
    expect(report.summary).toMatchObject({
      vanishedStudies: 1,
      provedStudiesInLedger: 0,
      copiedInstances: 0,
    });
  });
});

describe('a study of which something is deleted while Orthanc reads it', () => {
  it.each([
    ['/tools/bulk-content', 1],
    ...[1, 2, 3, 4, 5, 6].map((time) => ['/tools/find', time] as const),
  ] as const)('is asked for again, by %s, time %d', async (route, time) => {
    await using scene = await openScene({ seed: 612, studies: 2 });
    // In the words of an Orthanc that has looked for a resource, and does not find it when it reads it.
    const body = JSON.stringify({ OrthancStatus: 3, OrthancError: 'Parameter out of range' });
    let asked = 0;
    const matching = ({ path }: Seen) => path === route && (asked += 1) === time;
    scene.toSource.addFault({ effect: 'answer', status: 400, body, times: 1, matching });
    expect(await scene.run()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(scene.toSource.faultCount('answer')).toBe(1);
    expect(await scene.differences()).toEqual([]);
  });
});

describe('a study that runs out of attempts', () => {
  it('tells what is known of each of its instances', async () => {
    await using scene = await openScene({
      seed: 609,
      studies: 1,
      seriesPerStudy: 1,
      instancesPerSeries: 6,
      destination: script(
        "function ReceivedInstanceFilter(dicom)\n  return dicom.InstanceNumber ~= '2'\nend\n",
      ),
    });
    const ids = [...(await snapshotOrthanc(scene.source)).keys()];
    const tags = await Promise.all(
      ids.map(async (id) => (await fetch(`${scene.source.url}/instances/${id}/simplified-tags`)).json()),
    );
    const unreadable = ids.find(
      (_, index) => (tags[index] as { InstanceNumber: string }).InstanceNumber === '3',
    );
    scene.toSource.addFault({
      effect: 'answer',
      status: 500,
      matching: ({ path }) => path.startsWith('/dicom-web/studies/') || path.includes(`${unreadable}/file`),
    });
    const { exitCode, report } = await scene.run({ argv: [...scene.usualArguments, '--max-retries=2'] });
    expect(exitCode).toBe(3);
    expect(codesOf(report)).toEqual(['INSTANCE_FILTERED', 'ORTHANC_SERVER_ERROR']);
    expect(report.summary).toMatchObject({ provedInstancesInLedger: 4, setAsideInstances: 2 });
    expect(await scene.differences()).toHaveLength(2);
  });
});
