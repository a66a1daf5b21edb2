// Names and meanings alone, behind an entry of their own: the help lists them and must not load what makes the files.

export interface EdgeCase {
  readonly name: string;
  /** What a server meets there, in a few words. Orthanc stores all of them. */
  readonly meaning: string;
}

const listed = [
  { name: 'no-study-date', meaning: 'neither StudyDate nor StudyTime' },
  { name: 'time-without-date', meaning: 'StudyTime beside an empty StudyDate' },
  { name: 'impossible-date', meaning: 'a study on 30 February' },
  { name: 'future-study-date', meaning: 'a study on the last day of 2999' },
  { name: 'long-uid', meaning: 'UIDs of exactly 64 characters' },
  { name: 'too-long-uid', meaning: 'UIDs of 80 characters' },
  { name: 'leading-zero-uid', meaning: 'UIDs with components that begin with 0' },
  { name: 'duplicate-accession', meaning: 'one AccessionNumber, studies of two patients' },
  { name: 'shared-sop-uid', meaning: 'the same SOPInstanceUID in two studies' },
  { name: 'empty-patient-id', meaning: 'PatientID without a value' },
  { name: 'no-patient-id', meaning: 'PatientID left out' },
  { name: 'spaced-patient-id', meaning: 'PatientID with blanks before, within and after' },
  { name: 'backslash-patient-id', meaning: 'PatientID with the character that separates values' },
  { name: 'long-patient-id', meaning: 'PatientID of 100 characters, 36 too many' },
  { name: 'empty-instance-number', meaning: 'two images, neither with an InstanceNumber' },
  { name: 'duplicate-instance-number', meaning: 'two images of a series with InstanceNumber 1' },
  { name: 'huge-text', meaning: 'one megabyte of text in one value' },
  { name: 'odd-length', meaning: 'a value of odd length, without padding' },
  { name: 'private-tags', meaning: 'private tags, with a creator and without' },
  { name: 'implicit-private-tags', meaning: 'private tags whose VR the file does not tell' },
  { name: 'undefined-length', meaning: 'nested sequences of undefined length' },
  { name: 'deep-sequences', meaning: '32 sequences within each other' },
  { name: 'no-pixel-data', meaning: 'an image without PixelData' },
  { name: 'no-character-set', meaning: 'non-ASCII bytes, no SpecificCharacterSet' },
  { name: 'wrong-character-set', meaning: 'Latin-1 bytes declared as UTF-8' },
  { name: 'unknown-character-set', meaning: 'a SpecificCharacterSet that does not exist' },
  { name: 'group-lengths', meaning: 'group length elements, retired and wrong' },
  { name: 'trailing-padding', meaning: 'Data Set Trailing Padding after the pixels' },
  { name: 'no-preamble', meaning: 'no preamble, no prefix and no file meta group' },
] as const satisfies readonly EdgeCase[];

export type EdgeCaseName = (typeof listed)[number]['name'];

export const edgeCases: readonly (EdgeCase & { readonly name: EdgeCaseName })[] = listed;
