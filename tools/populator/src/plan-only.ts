import { setImmediate } from 'node:timers/promises';
import type { SyntheticStudy } from '@orthanc-tools/dicom-synthesis';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import { labelsOf } from './labels-of.ts';
import { madeInstances, studyIdOf } from './made-instance.ts';
import type { Manifest } from './open-manifest.ts';
import type { PopulatorOptions } from './options.ts';

interface Plan {
  readonly archive: Iterable<SyntheticStudy>;
  readonly manifest: Manifest | undefined;
  readonly options: PopulatorOptions;
  readonly context: RunContext;
}

/** Says what would be made; makes it only where a manifest wants its hashes. */
export async function planOnly({
  archive,
  manifest,
  options,
  context,
}: Plan): Promise<Record<string, number>> {
  const pause = pausesNowAndThen();
  const planned = { studies: 0, series: 0, instances: 0, labels: 0 };
  for (const study of archive) {
    await pause();
    if (context.signal.aborted) break;
    // Files have none.
    const labels = options.output === undefined ? labelsOf(study.index, options) : [];
    planned.studies += 1;
    planned.series += study.series.length;
    planned.instances += study.instanceCount;
    planned.labels += labels.length;
    context.log.info('study.planned', {
      orthancId: studyIdOf(study),
      ...(study.edgeCase === undefined ? {} : { edgeCase: study.edgeCase }),
      modality: study.series[0]?.modality ?? '',
      description: study.description,
      date: study.date,
      series: study.series.length,
      instances: study.instanceCount,
      labels: labels.join(','),
    });
    if (manifest === undefined) continue;
    for (const made of madeInstances([study])) {
      manifest.add(made);
      await pause();
      if (context.signal.aborted) break;
    }
  }
  return planned;
}

const longestBreathMs = 50;

/** Nothing here waits for anything: without a pause, neither a signal nor a question after the health would be heard. */
function pausesNowAndThen(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < longestBreathMs) return;
    await setImmediate();
    last = performance.now();
  };
}
