import type { ClonerOptions } from '../options.ts';

type Filters = Pick<ClonerOptions, 'modality' | 'studyDate' | 'label' | 'patientId' | 'patientIdsFile'>;

/** What a run was limited to, for people; without the IDs of patients. Empty: to nothing. */
export function filterWords(filters: Filters): string[] {
  const { modality = [], studyDate, label = [], patientId = [], patientIdsFile } = filters;
  return [
    ...(modality.length > 0 ? [`modality ${modality.join(' or ')}`] : []),
    ...(studyDate === undefined ? [] : [`study date ${studyDate}`]),
    ...(label.length > 0 ? [`label ${label.join(' or ')}`] : []),
    ...(patientId.length > 0
      ? [patientId.length === 1 ? '1 patient' : `${String(patientId.length)} patients`]
      : []),
    ...(patientIdsFile === undefined ? [] : ['patients of a list']),
  ];
}
