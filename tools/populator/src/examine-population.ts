import type { Finding } from '@orthanc-tools/failures';
import { connectionFrom } from '@orthanc-tools/orthanc-client';
import { examineAdditions } from './examine-additions.ts';
import { examineArchive } from './examine-archive.ts';
import { examineOrthanc } from './examine-orthanc.ts';
import { examineOutput } from './examine-output.ts';
import { examinePlaces } from './examine-places.ts';
import type { PopulatorOptions } from './options.ts';

/** Leaves nothing, neither at the server nor in the folders. */
export async function examinePopulation(options: PopulatorOptions): Promise<Finding[]> {
  const needsOrthanc = options.output === undefined && !options.dryRun;
  const wishes = { workers: options.workers, hasLabels: options.maxLabels > 0 };
  return [
    ...(needsOrthanc ? await examineOrthanc(() => connectionFrom(options, 'orthanc'), wishes) : []),
    ...(await examinePlaces(options)),
    ...(options.dryRun ? [] : await examineOutput(options)),
    ...examineAdditions(options),
    ...(await examineArchive(options)),
  ];
}
