import { type ExitCode, exitCodes } from '@orthanc-tools/failures';
import { connectOrthanc, connectionFrom, firstQuestion, noOutages } from '@orthanc-tools/orthanc-client';
import type { RunContext, RunOutcome } from '@orthanc-tools/tool-runtime';
import { additionsIn } from './additions.ts';
import { archiveRequest } from './archive-request.ts';
import { chosenEdgeCases } from './chosen-edge-cases.ts';
import { deliverArchive } from './deliver-archive.ts';
import type { Destination } from './destination.ts';
import { instanceMemory } from './instance-memory.ts';
import { intoFolder } from './into-folder.ts';
import { intoOrthanc, keepsBytes } from './into-orthanc.ts';
import { isFar } from './is-far.ts';
import { madeInstances } from './made-instance.ts';
import { openManifest } from './open-manifest.ts';
import type { PopulatorOptions } from './options.ts';
import { planOnly } from './plan-only.ts';
import { type RunTally, emptyTally, summaryOf } from './run-tally.ts';

/** Makes the archive of a seed and stores it, or says what it would make. */
export async function runPopulator(options: PopulatorOptions, context: RunContext): Promise<RunOutcome> {
  const synthesis = await import('@orthanc-tools/dicom-synthesis');
  const request = await archiveRequest(options, synthesis);
  const awkward = synthesis.synthesizeEdgeCases({
    seed: options.seed,
    names: chosenEdgeCases(options.edgeCases),
    firstStudy: options.studies,
  });
  const memory = instanceMemory(options.workers);
  const archive = oneAfterAnother(synthesis.synthesizeArchive(request, memory), awkward);
  if (options.dryRun) {
    // What could not be sent is told now.
    if (options.output === undefined) additionsIn(options);
    using manifest = options.manifest === undefined ? undefined : openManifest(options.manifest);
    const planned = await planOnly({ archive, manifest, options, context });
    return { exitCode: exitCodeFor(undefined, context), summary: planned };
  }
  const studies = options.studies + awkward.length;
  await using destination = await openDestination(options, studies, context);
  using manifest = options.manifest === undefined ? undefined : openManifest(options.manifest);
  const tally = emptyTally();
  const failure = await deliverArchive({
    instances: madeInstances(archive),
    destination,
    manifest,
    tally,
    memory,
    studies,
    workers: options.workers,
    context,
  });
  const { setAside } = tally;
  const outcome = { summary: summaryOf(tally), report: { setAside } };
  if (failure !== undefined) return { ...outcome, exitCode: exitCodes.configuration, failure };
  return { ...outcome, exitCode: exitCodeFor(tally, context) };
}

function* oneAfterAnother<One>(...parts: readonly Iterable<One>[]): Generator<One, void, undefined> {
  for (const part of parts) yield* part;
}

async function openDestination(
  options: PopulatorOptions,
  studies: number,
  context: RunContext,
): Promise<Destination> {
  if (options.output !== undefined) return intoFolder(options.output, studies);
  const orthanc = connectOrthanc(connectionFrom(options, 'orthanc'));
  // Who cannot be reached at the start is told at once.
  const facts = await firstQuestion(orthanc, 'orthanc', () => orthanc.system(context.signal));
  const { url } = orthanc;
  if (!facts.hasLabels && options.maxLabels > 0) context.log.warn('labels.not_supported', { url });
  if (!keepsBytes(facts))
    context.log.warn('content.not_compared', { url, ingestTranscoding: facts.ingestTranscoding ?? '' });
  return intoOrthanc(orthanc, {
    options,
    additions: additionsIn(options),
    facts,
    isFar: await isFar(orthanc, context.signal),
    persistence: {
      context,
      maxRetries: options.maxRetries,
      suspects: { servers: [orthanc], outages: noOutages() },
    },
  });
}

function exitCodeFor(tally: RunTally | undefined, { signal }: RunContext): ExitCode {
  if (signal.aborted) return exitCodes.interrupted;
  const left = (tally?.setAsideInstances ?? 0) + (tally?.unfinishedStudies ?? 0);
  return left > 0 ? exitCodes.setAside : exitCodes.done;
}
