/** A UID under which nothing is held (DICOM PS3.5, annex B.2: derived from the UUID of all zeros). */
export const uidOfNothing = '2.25.0';
