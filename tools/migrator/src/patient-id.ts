import type { FoundTags } from '@orthanc-tools/orthanc-client';

/**
 * To ask for one PatientID: what a search takes for a pattern or a list stands for any single character, so that the
 * patient is among those who are told.
 */
export const questionFor = (patientId: string): string => patientId.trim().replaceAll(/[*?\\]/g, '?');

/**
 * Whether that very patient is told. Spaces around an identifier are padding (DICOM PS3.5 6.2, LO); letter case is not, though
 * some searches do not heed it.
 */
export const bearsId = ({ PatientID: told = '' }: FoundTags, patientId: string): boolean =>
  told.trim() === patientId.trim();

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/**
 * The same of an answer of C-FIND, whose character set may leave out letters of an identifier: then the question alone
 * tells whom it is about, as nobody who is known as somebody else may be missed.
 */
export const mayBearId = (tags: FoundTags, patientId: string): boolean =>
  !isAscii(patientId) || bearsId(tags, patientId);
