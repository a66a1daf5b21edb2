import {
  type Attributes,
  type DicomDictionary,
  encodeWorklistFile,
  toDataSet,
  uidFromHash,
} from '@orthanc-tools/dicom-files';
import { asFailure } from '@orthanc-tools/failures';

const unicode = ['ISO_IR 192'];

/** Whether all text in it can be written without a character set of its own. */
export function isAscii(value: unknown): boolean {
  if (typeof value === 'string') return !/[^\0-\x7f]/.test(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isAscii);
}

/** The character sets that somebody may want every worklist in, where it can be written in that. */
export type OutputCharset = 'auto' | 'message' | 'utf-8' | 'latin-1';

/** Of Korean text in its own set Orthanc 1.12 and 1.13 answer the escape sequences as letters; Unicode they answer as it is. */
const damagedByOrthanc = 'ISO 2022 IR 149';

export interface Worklist {
  readonly name: string;
  readonly attributes: Attributes;
  readonly studyUid: string;
  /** Of the message: the first choice. */
  readonly terms: readonly string[];
}

function candidatesFor(
  { terms, attributes }: Worklist,
  charset: OutputCharset,
): readonly (readonly string[])[] {
  if (isAscii(attributes)) return [[]];
  if (charset === 'utf-8') return [unicode];
  if (charset === 'latin-1') return [['ISO_IR 100'], unicode];
  const isDamaged = charset === 'auto' && terms.includes(damagedByOrthanc);
  return terms.length === 0 || isDamaged ? [unicode] : [terms, unicode];
}

/** The whole data set by keyword, as REST and `try` show it. */
export function worklistTags(worklist: Worklist, terms: readonly string[] = unicode): Attributes {
  return {
    ...worklist.attributes,
    StudyInstanceUID: worklist.studyUid,
    SpecificCharacterSet: terms.length === 0 ? undefined : terms,
  };
}

/** The bytes of a `.wl` file, in the smallest character set that holds every value: none, that of the message, or Unicode. */
export function worklistFile(
  worklist: Worklist,
  charset: OutputCharset,
  dictionary: DicomDictionary,
): Buffer {
  const candidates = candidatesFor(worklist, charset);
  const instanceUid = uidFromHash('worklist', worklist.name);
  for (const [at, terms] of candidates.entries()) {
    try {
      return encodeWorklistFile(toDataSet(worklistTags(worklist, terms), dictionary), instanceUid);
    } catch (error) {
      if (asFailure(error)?.code !== 'TEXT_NOT_ENCODABLE' || at === candidates.length - 1) throw error;
    }
  }
  throw new Error('there is no character set to try');
}
