import type { Attributes } from '@orthanc-tools/dicom-files';

/** The one step that a worklist has (0040,0100); empty where there is none. */
export const scheduledStep = (attributes: Attributes): Attributes =>
  (attributes['ScheduledProcedureStepSequence'] as readonly Attributes[] | undefined)?.[0] ?? {};
