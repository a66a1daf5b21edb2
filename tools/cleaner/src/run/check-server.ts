import { configurationError } from '@orthanc-tools/failures';
import { type Orthanc, type SystemFacts, firstQuestion } from '@orthanc-tools/orthanc-client';
import { nameOf } from '@orthanc-tools/tool-options';
import type { CleanerOptions } from '../options.ts';

/**
 * What it tells of itself.
 * @throws configuration where this Orthanc can never be cleaned like this
 */
export async function checkServer(
  orthanc: Pick<Orthanc, 'system' | 'url'>,
  { onlyIfAt, dryRun }: Pick<CleanerOptions, 'onlyIfAt' | 'dryRun'>,
  signal: AbortSignal,
): Promise<SystemFacts> {
  const system = await firstQuestion(orthanc, 'orthanc', () => orthanc.system(signal));
  const { isReadOnly, hasLabels, hasExtendedFind, version } = system;
  if (isReadOnly && !dryRun)
    throw configurationError(
      'ORTHANC_READ_ONLY',
      'This Orthanc is read-only: nothing can be deleted from it.',
    );
  if (!hasLabels)
    throw configurationError(
      'ORTHANC_WITHOUT_LABELS',
      `Orthanc ${version} has no labels (1.12.0 and later have them): rules and keep rules that name some could not be kept.`,
    );
  if (onlyIfAt !== undefined && !hasExtendedFind)
    throw configurationError(
      'ORTHANC_TOO_OLD',
      `${nameOf('onlyIfAt')} needs an Orthanc with ExtendedFind (1.12.5 and later), this is ${version}.`,
    );
  return system;
}
