import type { Attributes } from '@orthanc-tools/dicom-files';

/** An item of a code sequence (PS3.3 8.8). */
export const code = (value: string, scheme: string, meaning: string): Attributes => ({
  CodeValue: value,
  CodingSchemeDesignator: scheme,
  CodeMeaning: meaning,
});
