import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { openTestbed, seedOrthanc, startLinked } from '@orthanc-tools/orthanc-testbed';
import { builtTool, startCommand } from '../command/running-command.ts';

const forwarder = builtTool('forwarder');
const megabyte = 1024 * 1024;
const studies = 20_000;
/** Until all of them wait for the destination. */
const longestAdmission = 40 * 60_000;

describe('the forward command', () => {
  it(
    'holds a queue of 20,000 studies for a destination that is down in less than 250 MB, and starts with it in seconds',
    async () => {
      await using scene = await openScene();
      await scene.pacs.stop();
      await using first = startCommand(forwarder, scene.argv);
      const admittedAfter = await scene.allWait();
      first.kill('SIGTERM');
      const filled = await first.ended;
      expect(filled.exitCode).toBe(130);

      await scene.pacs.start();
      const began = performance.now();
      await using second = startCommand(forwarder, scene.argv);
      await second.printed('"event":"unit.forwarded"');
      const startedAfter = (performance.now() - began) / 1000;
      second.kill('SIGTERM');
      const started = await second.ended;
      expect(started.exitCode).toBe(130);

      const megabytes = [filled, started].map(({ peakMemory = Infinity }) => peakMemory / megabyte);
      console.log({ admittedAfter, startedAfter, megabytes });
      expect(startedAfter).toBeLessThan(10);
      expect(Math.max(...megabytes)).toBeLessThan(250);
    },
    longestAdmission + 10 * 60_000,
  );
});

/** An inbox of so many studies of one instance, and a modality of it. */
async function openScene() {
  const stack = new AsyncDisposableStack();
  const testbed = await openTestbed();
  const linked = stack.use(
    await startLinked(testbed, {
      // Of each series that becomes stable the DICOMweb plugin would prepare an answer: with 20,000 it is busy for a quarter of an hour.
      source: { configuration: { StableAge: 1, DicomWeb: { EnableMetadataCache: false } } },
      destinations: { pacs: {} },
    }),
  );
  const folder = await mkdtemp(join(tmpdir(), 'forwarder-queue-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const shape = { seriesPerStudy: 1, instancesPerSeries: 1, imageSize: 8, modalities: ['CT'] } as const;
  function* files(): Generator<Uint8Array> {
    for (const study of synthesizeArchive({ seed: 'queue', studies, ...shape }))
      for (const { bytes } of study.instances()) yield bytes;
  }
  await seedOrthanc(linked.source, files());
  const ledger = `--ledger-path=${join(folder, 'forwarder.ledger.sqlite')}`;
  return {
    pacs: linked.destinations.pacs,
    argv: [
      `--source-url=${linked.source.url}`,
      '--destination=pacs',
      '--trigger=StableStudy',
      '--quiet-time=1s',
      '--verify=image',
      ledger,
    ],
    /** Until each study waits for the modality, as `status` tells. @returns seconds */
    allWait: async (): Promise<number> => {
      const began = performance.now();
      while (performance.now() - began < longestAdmission) {
        const { stdout } = await startCommand(forwarder, ['status', '--json', ledger]).ended;
        if (stdout.includes(`"inbox: handed-over": ${String(studies)}`))
          return (performance.now() - began) / 1000;
      }
      throw new Error('Not all studies were handed over in time.');
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
