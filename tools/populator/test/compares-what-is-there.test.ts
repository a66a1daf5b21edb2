import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { startFaultProxy } from '@orthanc-tools/orthanc-testbed';
import { openScene, populate } from './populate-scene.ts';

interface Report {
  readonly summary: Readonly<Record<string, number>>;
  readonly setAside: readonly { readonly code: string }[];
}

const reportIn = async (path: string): Promise<Report> => JSON.parse(await readFile(path, 'utf8')) as Report;

const common = '--studies 2 --series 1 --instances 3 --modality CT --max-labels 0';

describe('what Orthanc says it had before', () => {
  it.each([
    ['nearby', 0, {}],
    ['far away', 50, {}],
    ['without MD5', 0, { StoreMD5ForAttachments: false }],
    ['far away and without MD5', 50, { StoreMD5ForAttachments: false }],
  ])('is compared by its bytes: %s', async (_, roundTripMs, configuration) => {
    await using scene = await openScene({ configuration });
    await using proxy = await startFaultProxy(scene.orthanc.url, { seed: 1, faults: { roundTripMs } });
    const run = async (...more: string[]) => {
      const report = scene.path('r.json');
      const { exitCode } = await populate([
        ...`--url ${proxy.url} ${common} --report ${report}`.split(' '),
        ...more,
      ]);
      const { summary, setAside } = await reportIn(report);
      return { exitCode, summary, codes: setAside.map(({ code }) => code) };
    };
    expect(await run()).toMatchObject({ exitCode: 0, summary: { storedInstances: 6 } });
    expect(await run()).toMatchObject({ exitCode: 0, summary: { alreadyThereInstances: 6 }, codes: [] });
    expect(await run('--image-width=4')).toMatchObject({
      exitCode: 3,
      summary: { storedInstances: 0, alreadyThereInstances: 0, setAsideInstances: 6 },
      codes: Array(6).fill('CONTENT_CONFLICT'),
    });
  });

  it('is not compared, and that is said, where Orthanc converts what it stores', async () => {
    // GDCM, which Orthanc would ask first, crashes it when it converts on arrival (1.12.7 and 1.13.0).
    const order = { BuiltinDecoderTranscoderOrder: 'Before' };
    const configuration = { IngestTranscoding: '1.2.840.10008.1.2', ...order };
    await using scene = await openScene({ configuration });
    const run = () => populate(`--url ${scene.orthanc.url} ${common} --log-format json`);
    await run();
    const { exitCode, stdout, stderr } = await run();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('"alreadyThereInstances":6');
    expect(stdout).toContain('"content.not_compared"');
  });
});
