import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { linesOf, openScene, populate } from './populate-scene.ts';

const isUpload = ({ method, path }: { method: string; path: string }): boolean =>
  method === 'POST' && path.startsWith('/instances');

const filter = {
  'filter.lua': "function ReceivedInstanceFilter(dicom)\n  return dicom.InstanceNumber ~= '2'\nend\n",
};
const filtering = { LuaScripts: ['files:filter.lua'] };

describe('a server with difficulties', () => {
  it('ends with everything stored: busy answers, broken uploads, lost answers', async () => {
    await using scene = await openScene();
    scene.proxy.addFault({ effect: 'answer', status: 503, matching: isUpload, times: 2 });
    scene.proxy.addFault({ effect: 'cut-request', afterBytes: 2000, matching: isUpload, times: 2 });
    scene.proxy.addFault({ effect: 'lose-answer', matching: isUpload, times: 2 });
    const { exitCode, stdout } = await populate(
      `--url ${scene.proxy.url} --studies 20 --series 1 --instances 20 --workers 3 --log-format json --manifest ${scene.path('m.jsonl')}`,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('upload.repeated');
    const made = (await linesOf(scene.path('m.jsonl'))).map(({ orthancId }) => orthancId);
    expect(((await scene.ask('/instances')) as string[]).sort()).toEqual(made.sort());
  });

  it('is given up when it does not answer again, exit code 2', async () => {
    await using scene = await openScene();
    scene.proxy.addFault({ effect: 'answer', status: 507, matching: isUpload });
    const { exitCode, stderr } = await populate(
      `--url ${scene.proxy.url} --studies 2 --series 1 --instances 2 --max-retries 1`,
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^orthanc-populator: /);
    expect(stderr).not.toContain('defect');
  });

  it('is given up, and no image is set aside, when it is away behind something that still answers', async () => {
    await using scene = await openScene();
    let isAway = false;
    const matching = (request: { method: string; path: string }) => (isAway ||= isUpload(request));
    scene.proxy.addFault({ effect: 'answer', status: 502, matching });
    const { exitCode, stdout } = await populate(
      `--url ${scene.proxy.url} --studies 2 --series 1 --instances 2 --max-retries 1 --log-format json`,
    );
    expect(exitCode).toBe(2);
    expect(stdout).not.toContain('set_aside');
  });

  it('that goes away in the midst loses nothing of what the run has to say', async () => {
    await using scene = await openScene({ files: filter, configuration: filtering });
    let uploads = 0;
    const matching = (request: { method: string; path: string }) => {
      uploads += isUpload(request) ? 1 : 0;
      return uploads > 4;
    };
    scene.proxy.addFault({ effect: 'answer', status: 502, matching });
    const { exitCode, stdout } = await populate(
      `--url ${scene.proxy.url} --studies 2 --series 1 --instances 4 --workers 1 --max-retries 0 --max-labels 0 --log-format json --report ${scene.path('r.json')}`,
    );
    expect(exitCode).toBe(2);
    expect(stdout.match(/"instance.set_aside".*"code":"INSTANCE_FILTERED"/g)).toHaveLength(1);
    const report = JSON.parse(await readFile(scene.path('r.json'), 'utf8')) as object;
    expect(report).toMatchObject({
      summary: { studies: 1, storedInstances: 3, setAsideInstances: 1 },
      setAside: [{ code: 'INSTANCE_FILTERED' }],
      failure: { code: 'ORTHANC_SERVER_ERROR' },
    });
  });

  it('sets aside what is refused, and says so in report and exit code', async () => {
    await using scene = await openScene({ files: filter, configuration: filtering });
    const { exitCode, stdout } = await populate(
      `--url ${scene.proxy.url} --studies 3 --series 1 --instances 4 --log-format json --report ${scene.path('r.json')}`,
    );
    expect(exitCode).toBe(3);
    expect(stdout.match(/"instance.set_aside".*"code":"INSTANCE_FILTERED"/g)).toHaveLength(3);
    const report = JSON.parse(await readFile(scene.path('r.json'), 'utf8')) as {
      summary: Record<string, number>;
      setAside: { code: string }[];
    };
    expect(report.summary).toMatchObject({ studies: 3, storedInstances: 9, setAsideInstances: 3 });
    expect(report.setAside.map(({ code }) => code)).toEqual(Array(3).fill('INSTANCE_FILTERED'));
  });

  it('is not waited for when the run is interrupted', async () => {
    await using scene = await openScene();
    scene.proxy.addFault({ effect: 'answer', status: 503, matching: isUpload });
    const ending = new AbortController();
    const run = populate(`--url ${scene.proxy.url} --studies 2 --series 1 --instances 2`, {
      signal: ending.signal,
      onOutput: (printed) => {
        if (printed.includes('upload.repeated')) ending.abort();
      },
    });
    expect((await run).exitCode).toBe(130);
  });
});

it('does not go on planning when it is interrupted', async () => {
  const ending = new AbortController();
  const run = populate('--dry-run --studies 100000000 --log-format json', {
    signal: ending.signal,
    onOutput: (printed) => {
      // Not at once: a signal comes between two turns of the event loop.
      if (printed.includes('study.planned')) setImmediate(() => ending.abort());
    },
  });
  expect((await run).exitCode).toBe(130);
});

it('makes images as large as a value in DICOM can hold', async () => {
  const { exitCode, stderr } = await populate(
    '--dry-run --studies 1 --modality CT --image-width 65535 --image-height 32768',
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

describe('who cannot be populated', () => {
  it.each([
    ['without an address', '--studies 1', '--orthanc-url'],
    ['with an unknown modality', '--dry-run --modality XX', '--modality'],
    [
      'with days in the wrong order',
      '--dry-run --from-study-date 20240102 --to-study-date 20240101',
      '--to-study-date',
    ],
    ['with a day that does not exist', '--dry-run --from-study-date 20230229', '--from-study-date'],
    [
      'with images that no value in DICOM can hold',
      '--dry-run --modality CT --image-width 65535 --image-height 65535',
      '--image-width (IMAGE_WIDTH) and --image-height (IMAGE_HEIGHT)',
    ],
    [
      'with moving pictures that no value in DICOM can hold',
      '--dry-run --modality US --image-width 20000 --image-height 20000',
      'US images',
    ],
    ['with a label that Orthanc would refuse', '--dry-run --labels a,b.c', '--labels'],
    ['where nobody answers', '--url http://127.0.0.1:9 --studies 1', '127.0.0.1:9'],
  ])('%s is told so at once', async (_, argv, named) => {
    const { exitCode, stderr } = await populate(argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(named);
  });
});
