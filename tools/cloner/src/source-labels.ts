import { asFailure, configurationError } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { nameOf } from '@orthanc-tools/tool-options';
import type { StudyOutcome } from './study-outcome.ts';

/** What a study of the source is labelled with, by what became of it. */
export interface SourceLabels {
  readonly success: string | undefined;
  readonly failure: string | undefined;
}

/** Which label a study gets; none where it is neither proved as a whole nor failed. Pure. */
export function labelFor(outcome: StudyOutcome): keyof SourceLabels | undefined {
  const { isVanished, unfinished, exceptions, accepted } = outcome;
  if (isVanished || unfinished?.scope === 'run') return undefined;
  if (unfinished !== undefined || exceptions.length > 0) return 'failure';
  return accepted > 0 ? undefined : 'success';
}

/**
 * Labels the study at the source and takes the other label away, once it is known what became of it; nothing is sent again
 * for the sake of a label.
 * @returns the outcome, which is unfinished where the study could not be labelled
 */
export async function labelStudy(
  study: string,
  outcome: StudyOutcome,
  { source, labels }: { readonly source: Orthanc; readonly labels: SourceLabels },
): Promise<StudyOutcome> {
  const which = labelFor(outcome);
  if (which === undefined) return outcome;
  const other = which === 'success' ? labels.failure : labels.success;
  const own = labels[which];
  try {
    const resource = { level: 'studies', id: study } as const;
    if (other !== undefined && other !== own) await source.labels.remove(resource, other);
    if (own !== undefined) await source.labels.put(resource, own);
    return outcome;
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    // Deleted since it was copied: there is nothing left to label.
    if (failure.code === 'ORTHANC_NOT_FOUND') return outcome;
    return { ...outcome, unfinished: outcome.unfinished ?? failure };
  }
}

/** @throws configuration `LABELS_MISSING` where labels are wanted of a source that has none (before 1.12.0) */
export async function checkLabels(source: Orthanc, { success, failure }: SourceLabels): Promise<void> {
  if (success === undefined && failure === undefined) return;
  const { hasLabels, version } = await source.system();
  if (hasLabels) return;
  throw configurationError(
    'LABELS_MISSING',
    `The source is Orthanc ${version}, which has no labels: leave ${nameOf('successLabel')} and ${nameOf('failureLabel')} away, or update it.`,
  );
}
