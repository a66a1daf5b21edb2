/** The four from which Orthanc computes its identifiers, and the name that goes with them. */
export const identityTags = {
  PatientID: '0010,0020',
  PatientName: '0010,0010',
  StudyInstanceUID: '0020,000d',
  SeriesInstanceUID: '0020,000e',
  SOPInstanceUID: '0008,0018',
} as const;

export type IdentityKeyword = keyof typeof identityTags;

export const identityUids = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'] as const;

/** Which identity tag is meant by a name as Orthanc reads it: `PatientID`, `0010,0020`, `0010-0020`, `00100020`. */
export function identityKeyword(name: string): IdentityKeyword | undefined {
  const keywords = Object.keys(identityTags) as IdentityKeyword[];
  return keywords.find((keyword) => keyword === name || identityTags[keyword] === hexName(name));
}

/** `gggg,eeee` of a tag that is written in digits; other names as they are. */
export function hexName(name: string): string {
  const [, group, element] = /^([0-9a-f]{4})[,-]?([0-9a-f]{4})$/i.exec(name) ?? [];
  return group === undefined || element === undefined ? name : `${group},${element}`.toLowerCase();
}
