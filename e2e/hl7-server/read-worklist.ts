import dcmjs from 'dcmjs';

/** Keywords with their values; sequences as lists of the same. */
export type WorklistTags = Readonly<Record<string, unknown>>;

const { DicomMessage, DicomMetaDictionary } = dcmjs.data;

/** What a reader that is none of the server's finds in a `.wl` file; throws on a file that is torn. */
export function readWorklist(bytes: Uint8Array): WorklistTags {
  const { dict } = DicomMessage.readFile(Uint8Array.from(bytes).buffer);
  return DicomMetaDictionary.naturalizeDataset(dict);
}
