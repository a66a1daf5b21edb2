import { configurationError } from '@orthanc-tools/failures';
import { type Orthanc, firstQuestion } from '@orthanc-tools/orthanc-client';
import { nameOf } from '@orthanc-tools/tool-options';

/** What decides how this Orthanc is asked. */
export interface Greeting {
  readonly canFind: boolean;
  readonly neverOverwrites: boolean;
}

/** @throws what would fail for every file */
export async function greet(orthanc: Orthanc, labels: readonly string[]): Promise<Greeting> {
  const { hasExtendedFind, hasLabels, isReadOnly, overwrite } = await firstQuestion(orthanc, 'orthanc', () =>
    orthanc.system(),
  );
  if (isReadOnly)
    throw configurationError('DESTINATION_READ_ONLY', `Orthanc at ${orthanc.url} is read-only.`);
  if (labels.length > 0 && !hasLabels)
    throw configurationError(
      'LABELS_UNSUPPORTED',
      `${nameOf('labelsList')}: Orthanc at ${orthanc.url} knows no labels.`,
    );
  return { canFind: hasExtendedFind, neverOverwrites: overwrite === 'Never' };
}
