import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { BenchRequest } from '../measure/bench-tool.ts';
import { commandOf } from '../measure/build-tool.ts';
import { dataSet, fillWith } from '../measure/data-set.ts';
import { runChild } from '../measure/run-child.ts';
import { untilQuiet } from '../measure/until-quiet.ts';
import { type Verdict, atMost } from '../measure/verdict.ts';

const instancesOfSmallSet = 4000;
const wanted = 100_000;
const mostSeconds = 60;
const mostMegabytes = 250;
// Of thousands of series, the DICOMweb plugin would prepare answers for minutes as soon as they are stable.
const configuration = { StableAge: 86_400, SyncStorageArea: false };

/** `verify` over two Orthancs that hold the same 100,000 instances. */
export async function measureVerify({ testbed, scale, signal }: BenchRequest): Promise<Verdict[]> {
  await using source = await testbed.startOrthanc({ name: 'source', configuration });
  await using destination = await testbed.startOrthanc({ name: 'destination', configuration });
  const set = dataSet('small', (scale * wanted) / instancesOfSmallSet);
  await fillWith(set, source, signal);
  await copyArchive(source, destination, () => fillWith(set, destination, signal));
  for (const orthanc of [source, destination]) await untilQuiet(orthanc, signal);
  const folder = await mkdtemp(join(tmpdir(), 'bench-verify-'));
  try {
    const startedAt = performance.now();
    const { exitCode, output, peakBytes, cpuSeconds } = await runChild({
      command: [
        process.execPath,
        ...[commandOf('cloner'), 'verify', '--source-url', source.url, '--dest-url', destination.url],
      ],
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
      signal,
    });
    const seconds = (performance.now() - startedAt) / 1000;
    if (exitCode !== 0) throw new Error(`verify ended with ${String(exitCode)}:\n${output}`);
    const count = Math.round(scale * wanted).toLocaleString('en');
    console.log(
      `\nverify of ${count} instances: ${seconds.toFixed(1)} s, own CPU ${cpuSeconds.toFixed(1)} s`,
    );
    return [
      atMost(mostSeconds * scale, { promise: `verify of ${count} instances, s`, measured: seconds }),
      atMost(mostMegabytes, { promise: 'peak memory of verify, MB', measured: peakBytes / 1e6 }),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The files themselves, where they can be reached: that takes seconds. */
async function copyArchive(
  source: RunningOrthanc,
  destination: RunningOrthanc,
  fill: () => Promise<void>,
): Promise<void> {
  if (source.storageFolder === undefined || destination.storageFolder === undefined) {
    await fill();
    return;
  }
  await Promise.all([source.stop(), destination.stop()]);
  await cp(source.storageFolder, destination.storageFolder, { recursive: true, force: true });
  await Promise.all([source.start(), destination.start()]);
}
