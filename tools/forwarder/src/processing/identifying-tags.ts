import type { TagEntries } from './tag-entries.ts';
import { entriesIn } from './tag-entries.ts';

/** Something in an instance that tells which one it is, or what it belongs to. */
export interface IdentifyingTag {
  /** As Orthanc names it in a change: `0008,1140[0].0008,1155`. */
  readonly path: string;
  /** `0008,1155` */
  readonly tag: string;
  readonly keyword: string;
  readonly value: string;
  readonly isNested: boolean;
}

/** UIDs of what is defined by the standard or by a vendor, and is the same in every file. */
const definitions = /(ClassUID|TransferSyntaxUID|CodingSchemeUID|ContextUID|MappingResourceUID|CreatorUID)$/;
const ofTheStandard = '1.2.840.10008.';

/** Every UID that identifies something, and what names the patient within sequences. Pure; patient data. */
export function identifyingTags(tags: TagEntries): IdentifyingTag[] {
  return walk(tags, '');
}

function walk(tags: TagEntries, before: string): IdentifyingTag[] {
  return entriesIn(tags).flatMap(({ tag, keyword, items, value }): IdentifyingTag[] => {
    const path = before + tag;
    // What is private goes, or was ordered to stay as it is.
    if (isPrivate(tag)) return [];
    if (items !== undefined) return items.flatMap((item, index) => walk(item, `${path}[${String(index)}].`));
    const isNested = before !== '';
    const isPatient = isNested && (keyword === 'PatientID' || keyword === 'PatientName');
    if (value === undefined || value === '' || !(isPatient || isIdentifier(keyword, value))) return [];
    return [{ path, tag, keyword, value, isNested }];
  });
}

const isPrivate = (tag: string): boolean => Number.parseInt(tag.slice(0, 4), 16) % 2 === 1;

const isIdentifier = (keyword: string, value: string): boolean =>
  /UID(List)?$/.test(keyword) && !definitions.test(keyword) && !value.startsWith(ofTheStandard);
