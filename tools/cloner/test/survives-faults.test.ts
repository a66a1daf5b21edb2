import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { changeOneInstance } from './change-one-instance.ts';
import { openScene } from './clone-scene.ts';

const isUpload = ({ method, path }: { method: string; path: string }) =>
  method === 'POST' && /^\/(instances|dicom-web\/studies)/.test(path);
const isFileRead = ({ method, path }: { method: string; path: string }) =>
  method === 'GET' && /^\/(instances\/[^/]+\/file|dicom-web\/studies)/.test(path);

describe('a clone through faults', () => {
  it.each([
    ['2 %', 0.02],
    ['30 %', 0.3],
  ])('loses nothing when %s of the uploads are answered with 503', async (_, rate) => {
    await using scene = await openScene({ seed: 201, studies: 20 });
    scene.toDestination.addFault({ effect: 'answer', status: 503, matching: isUpload, rate });
    const { exitCode, report } = await scene.run();
    expect(scene.toDestination.faultCount('answer')).toBeGreaterThan(0);
    expect(report.setAside).toEqual([]);
    expect(exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
  });

  it('reports what a destination refuses for ever, each with its code', async () => {
    await using scene = await openScene({ seed: 208, studies: 3 });
    scene.toDestination.addFault({ effect: 'answer', status: 503, matching: isUpload });
    const { exitCode, report } = await scene.run({ argv: [...scene.usualArguments, '--max-retries=1'] });
    expect(exitCode).toBe(3);
    expect(report.setAside.map(({ code }) => code)).toEqual(Array(3).fill('ORTHANC_BUSY'));
    expect(await scene.differences()).toHaveLength(scene.instances);
  });

  it('waits for a destination that stalls', async () => {
    await using scene = await openScene({ seed: 209, studies: 6 });
    let uploads = 0;
    scene.toDestination.addFault({
      effect: 'hang',
      rate: 0,
      matching: (request) => {
        if (isUpload(request) && ++uploads === 15) void scene.toDestination.disturb({ stall: true });
        return false;
      },
    });
    const { exitCode, stdout } = await scene.run({
      argv: [...scene.usualArguments, '--dest-timeout=1s'],
      onOutput: (printed) => {
        if (printed.includes('tool.paused')) void scene.toDestination.disturb({ stall: false });
      },
    });
    expect(stdout).toContain('ORTHANC_NO_ANSWER');
    expect(exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
  });

  it('loses nothing when connections break in the middle of bodies', async () => {
    await using scene = await openScene({ seed: 202, studies: 12, imageSize: 64 });
    scene.toDestination.addFault({
      effect: 'cut-request',
      afterBytes: 5000,
      matching: isUpload,
      rate: 0.2,
      times: 6,
    });
    scene.toSource.addFault({
      effect: 'cut-answer',
      afterBytes: 3000,
      matching: isFileRead,
      rate: 0.2,
      times: 6,
    });
    const { exitCode } = await scene.run();
    expect(
      scene.toDestination.faultCount('cut-request') + scene.toSource.faultCount('cut-answer'),
    ).toBeGreaterThan(0);
    expect(exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
  });

  it('does not send twice what arrived although the answer was lost', async () => {
    await using scene = await openScene({ seed: 203, studies: 4 });
    scene.toDestination.addFault({ effect: 'lose-answer', matching: isUpload, times: 2 });
    const { exitCode } = await scene.run();
    expect(exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
    // Near by, each instance is stored by a request of its own.
    expect(scene.toDestination.requests.filter(isUpload)).toHaveLength(scene.instances);
  });

  it('waits for a destination that goes away in the middle, and no study loses an attempt', async () => {
    await using scene = await openScene({ seed: 204, studies: 8 });
    let uploads = 0;
    scene.toDestination.addFault({
      effect: 'answer',
      status: 500,
      rate: 0,
      matching: (request) => {
        // Once, at the third upload: the questions that follow it must find the destination as it was left.
        if (isUpload(request) && ++uploads === 3) void scene.toDestination.disturb({ refuse: true });
        return false;
      },
    });
    const { exitCode, stdout } = await scene.run({
      argv: [...scene.usualArguments, '--max-retries=0'],
      onOutput: (printed) => {
        if (printed.includes('tool.paused')) void scene.toDestination.disturb({ refuse: false });
      },
    });
    expect(stdout).toContain('ORTHANC_UNREACHABLE');
    expect(exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
  });

  it('waits for a source that goes away while it is asked what is stable, and no study loses an attempt', async () => {
    await using scene = await openScene({
      seed: 214,
      studies: 2,
      source: { configuration: { StableAge: 1 } },
    });
    let isAway = false;
    let isBack = false;
    scene.toSource.addFault({
      effect: 'answer',
      status: 502,
      // As a proxy does before an Orthanc that is not there: it goes on to accept connections.
      matching: ({ path }) => {
        isAway ||= path === '/tools/bulk-content';
        return isAway && !isBack;
      },
    });
    const { exitCode, stdout, report } = await scene.run({
      argv: [...scene.usualArguments, '--trigs-on-stable-study', '--max-retries=0'],
      onOutput: (printed) => {
        isBack ||= printed.includes('tool.paused');
      },
    });
    expect(stdout).toContain('tool.paused');
    expect(exitCode).toBe(0);
    expect(report.summary).toMatchObject({ setAsideStudies: 0 });
    expect(await scene.differences()).toEqual([]);
  });

  it('reports what the destination filters out, with its code, and exits with 3', async () => {
    await using scene = await openScene({
      seed: 205,
      destination: {
        files: {
          'filter.lua':
            "function ReceivedInstanceFilter(dicom, origin)\n  return dicom.InstanceNumber ~= '2'\nend\n",
        },
        configuration: { LuaScripts: ['files:filter.lua'] },
      },
    });
    const { exitCode, report } = await scene.run();
    expect(exitCode).toBe(3);
    const codes = new Set(report.setAside.flatMap(({ parts }) => parts.map(({ code }) => code)));
    expect(codes).toEqual(new Set(['INSTANCE_FILTERED']));
    expect(report.summary['setAsideInstances']).toBe((await scene.differences()).length);
  });

  it('exits with 2 when something in between answers 404 to every read, and calls nothing vanished', async () => {
    await using scene = await openScene({ seed: 206 });
    scene.toSource.addFault({
      effect: 'answer',
      status: 404,
      body: '<html>not found</html>',
      matching: ({ method }) => method === 'GET',
    });
    const { exitCode, stdout, stderr } = await scene.run();
    expect(exitCode).toBe(2);
    expect(stdout).not.toContain('vanished');
    expect(stderr).toContain('no Orthanc answers');
  });

  it('exits with 2 when everything but the system is not found from the middle on', async () => {
    await using scene = await openScene({ seed: 210, studies: 4 });
    scene.toSource.addFault({
      effect: 'answer',
      status: 404,
      body: '<html>not found</html>',
      matching: ({ method, path }) =>
        method === 'GET' && /^\/(instances|series|studies\/|dicom-web)/.test(path),
    });
    const { exitCode, stdout, stderr } = await scene.run();
    expect(exitCode).toBe(2);
    expect(stdout).not.toContain('vanished"');
    expect(stderr).toContain('a proxy in between');
  });

  it('tells what was done and set aside until something ended the run', async () => {
    await using scene = await openScene({ seed: 212, studies: 4 });
    const conflict = await changeOneInstance(scene.source, scene.destination);
    // Not before a study has been set aside.
    let isCut = false;
    scene.toSource.addFault({
      effect: 'answer',
      status: 404,
      body: '<html>not found</html>',
      matching: ({ method }) => isCut && method !== 'DELETE',
    });
    const errors = join(scene.folder, 'errors');
    const { exitCode, report } = await scene.run({
      argv: [
        ...scene.usualArguments.filter((argument) => argument !== '--existing-changes-only'),
        `--error-folder-path=${errors}`,
      ],
      onOutput: (stdout) => {
        isCut ||= stdout.includes('source.caught_up');
      },
    });
    expect(exitCode).toBe(2);
    expect(report.summary).toMatchObject({ setAsideInstances: 1, setAsideStudies: 1, waitingStudies: 0 });
    expect(report.summary['copiedInstances']).toBeGreaterThan(0);
    expect(report.setAside.flatMap(({ parts }) => parts)).toMatchObject([
      { part: conflict, code: 'CONTENT_CONFLICT' },
    ]);
    expect(await readdir(errors)).toHaveLength(1);
  });

  it('calls no study vanished that the source knows and tells no instance of', async () => {
    await using scene = await openScene({ seed: 211, studies: 2 });
    scene.toSource.addFault({
      effect: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '[]',
      matching: ({ path }) => path === '/tools/find',
    });
    const { exitCode, report } = await scene.run({ argv: [...scene.usualArguments, '--max-retries=1'] });
    expect(exitCode).toBe(3);
    expect(report.summary).toMatchObject({ vanishedStudies: 0, setAsideStudies: 2 });
    expect(report.setAside[0]?.code).toBe('STUDY_WITHOUT_INSTANCES');
  });

  it.each(['Never', 'Always'])(
    'reports other content under the same identifiers, with OverwriteInstances %s',
    async (overwrite) => {
      await using scene = await openScene({
        seed: 207,
        studies: 2,
        destination: { configuration: { OverwriteInstances: overwrite } },
      });
      const { changeOneInstance } = await import('./change-one-instance.ts');
      const changed = await changeOneInstance(scene.source, scene.destination);
      const { exitCode, report } = await scene.run();
      expect(exitCode).toBe(3);
      expect(report.setAside.flatMap(({ parts }) => parts)).toEqual([
        expect.objectContaining({ part: changed, code: 'CONTENT_CONFLICT' }),
      ]);
      expect(await scene.differences()).toHaveLength(1);
    },
  );
});
