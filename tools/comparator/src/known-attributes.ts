import { loadKeywords } from '@orthanc-tools/dicom-files';
import { asFailure, configurationError } from '@orthanc-tools/failures';
import { type Orthanc, uidOfNothing } from '@orthanc-tools/orthanc-client';
import { nameOf } from '@orthanc-tools/tool-options';
import type { Persist } from './persistence.ts';

/** An Orthanc that is to tell attributes; it also puts the questions to its modalities. */
export interface AttributeSource {
  readonly orthanc: Orthanc;
  /** `HasExtendedFind`. */
  readonly isLean: boolean;
  readonly signal: AbortSignal;
  readonly persist: Persist;
}

/**
 * The attributes by the keywords under which Orthanc tells them: also those that were given by their tags. What a server does not
 * know is told before anything is compared; it would refuse each question otherwise.
 * @throws configuration `OPTIONS_INVALID`
 */
export async function knownAttributes(
  words: readonly string[],
  sources: readonly AttributeSource[],
): Promise<readonly string[]> {
  if (words.length === 0) return words;
  const keywords = await keywordsOf(words.join(',').match(tagOrWord) ?? []);
  const faults: string[] = [];
  for (const source of sources)
    for (const keyword of await unknownTo(source, keywords))
      faults.push(fault(`${source.orthanc.url} knows no attribute "${keyword}"; give DICOM keywords`));
  if (faults.length > 0) throw configurationError('OPTIONS_INVALID', faults.join('\n'));
  return [...new Set(keywords)];
}

const fault = (found: string): string => `${nameOf('attributes')}: ${found}.`;

/** A tag, of which the comma has made two words of the list, or a word. */
const tagOrWord = /[0-9a-f]{4},[0-9a-f]{4}(?=,|$)|[^,]+/gi;

const asTag = /^([0-9a-f]{4})[,-]?([0-9a-f]{4})$/i;

/** Orthanc takes tags, too, and answers by keywords. */
async function keywordsOf(words: readonly string[]): Promise<readonly string[]> {
  if (!words.some((word) => asTag.test(word))) return words;
  const keywordOf = await loadKeywords();
  return words.map((word) => {
    const [, group, element] = asTag.exec(word) ?? [];
    if (group === undefined || element === undefined) return word;
    const keyword = keywordOf(Number.parseInt(group + element, 16));
    if (keyword !== undefined) return keyword;
    const found = `"${word}" has no keyword in DICOM, and Orthanc tells it under no other name; give that of its configuration ("Dictionary"), if it has one`;
    throw configurationError('OPTIONS_INVALID', fault(found));
  });
}

/** Of Orthanc's list of errors. */
const unknownDicomTag = 27;

/** One question for all of them; only where that is refused, one for each. */
async function unknownTo(source: AttributeSource, keywords: readonly string[]): Promise<readonly string[]> {
  if (await isKnown(source, keywords)) return [];
  const unknown: string[] = [];
  for (const keyword of keywords) if (!(await isKnown(source, [keyword]))) unknown.push(keyword);
  return unknown;
}

function isKnown(
  { orthanc, isLean, signal, persist }: AttributeSource,
  tell: readonly string[],
): Promise<boolean> {
  const match = { StudyInstanceUID: uidOfNothing };
  return persist(async () => {
    try {
      await orthanc.resources.find({ level: 'Study', match, tell, isLean, signal });
      return true;
    } catch (error) {
      if (asFailure(error)?.facts['orthancStatus'] === unknownDicomTag) return false;
      throw error;
    }
  });
}
