import type { FoundTags } from '@orthanc-tools/orthanc-client';
import { isDate } from './is-date.ts';
import type { Span } from './span.ts';

/** A study as a remote tells it. `tags` are all that it told, by keyword: patient data. */
export interface FoundStudy {
  readonly studyInstanceUid: string;
  /** `YYYYMMDD`, or empty. */
  readonly date: string;
  /** `HHMMSS` without fractions, or empty. */
  readonly time: string;
  readonly modalities: readonly string[];
  /** Number of Study Related Instances (0020,1208); undefined where it was not told. */
  readonly instances: number | undefined;
  readonly tags: FoundTags;
}

/** What is asked to be told, beside the keys of the span. */
export const toldKeys = { StudyInstanceUID: '', NumberOfStudyRelatedInstances: '' };

/** Undefined for an answer without Study Instance UID, which stands for nothing that could be fetched. */
export function parseStudy(tags: FoundTags): FoundStudy | undefined {
  const studyInstanceUid = tags['StudyInstanceUID']?.trim() ?? '';
  if (studyInstanceUid === '') return undefined;
  const instances = Number(tags['NumberOfStudyRelatedInstances'] ?? '');
  return {
    studyInstanceUid,
    date: studyDateIn(tags),
    time: timeOf(tags['StudyTime']),
    modalities: (tags['ModalitiesInStudy'] ?? '').split('\\').filter((modality) => modality !== ''),
    instances: instances > 0 && Number.isInteger(instances) ? instances : undefined,
    tags,
  };
}

/** Empty where none is told. */
export const patientIdIn = (tags: FoundTags): string => tags['PatientID']?.trim() ?? '';

/**
 * `YYYYMMDD`. Empty where none is told, and where what is told is no day (`0`, `00000000`): no range of days finds such a
 * study, so that it belongs to those without a date.
 */
export function studyDateIn(tags: FoundTags): string {
  const digits = digitsOf(tags['StudyDate']).slice(0, 8);
  return isDate(digits) ? digits : '';
}

const digitsOf = (value = ''): string => value.replaceAll(/[^\d]/g, '');

/** `HH`, `HHMM` and the `HH:MM:SS` of ACR-NEMA are times, too (DICOM PS3.5 table 6.2-1). */
function timeOf(value = ''): string {
  const digits = digitsOf(value.split('.')[0]).slice(0, 6);
  return digits.length < 2 ? '' : digits.padEnd(6, '0');
}

/** Whether the remote answered the question: many leave out of account the keys that they do not know. */
export function isInSpan({ date, time, modalities }: FoundStudy, span: Span): boolean {
  if (span.dates === undefined) return true;
  const hasDay = date >= span.dates.from && date <= span.dates.to;
  const hasTime = span.times === undefined || (time >= span.times.from && time <= span.times.to);
  const hasModality =
    span.modality === undefined || modalities.length === 0 || modalities.includes(span.modality);
  return hasDay && hasTime && hasModality;
}
