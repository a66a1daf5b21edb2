/** A tag as one number: (0010,0020) is 0x00100020. */
export type Tag = number;

export interface TextElement {
  readonly tag: Tag;
  readonly vr: string;
  readonly text: readonly string[];
}
export interface NumericElement {
  readonly tag: Tag;
  readonly vr: string;
  readonly numbers: readonly (number | bigint)[];
}
/** Bytes in little-endian order, whatever the file's transfer syntax: the encoder swaps words where needed. */
export interface BytesElement {
  readonly tag: Tag;
  readonly vr: string;
  readonly bytes: Uint8Array;
}
export interface SequenceElement {
  readonly tag: Tag;
  readonly vr: 'SQ';
  readonly items: readonly DataSet[];
  /** Sequence and items end with a delimiter instead of telling their length. */
  readonly undefinedLength?: boolean;
}
/** Encapsulated pixel data: one fragment per frame. */
export interface FragmentsElement {
  readonly tag: Tag;
  readonly vr: 'OB';
  readonly fragments: readonly Uint8Array[];
}

export type Element = TextElement | NumericElement | BytesElement | SequenceElement | FragmentsElement;

/** Elements in ascending order of their tags. */
export type DataSet = readonly Element[];

export const tags = {
  transferSyntaxUid: 0x00020010,
  mediaStorageSopInstanceUid: 0x00020003,
  specificCharacterSet: 0x00080005,
  sopClassUid: 0x00080016,
  sopInstanceUid: 0x00080018,
  patientId: 0x00100020,
  studyInstanceUid: 0x0020000d,
  seriesInstanceUid: 0x0020000e,
  pixelData: 0x7fe00010,
} as const;

/** The values of a text element, or none when it is absent. */
export const textOf = (dataSet: DataSet, tag: Tag): readonly string[] => {
  const element = dataSet.find((candidate) => candidate.tag === tag);
  return element !== undefined && 'text' in element ? element.text : [];
};
