import { mayBeSameText } from './may-be-same-text.ts';
import type { AttributeDifference, ItemLevel } from './item.ts';

export type Tags = Readonly<Record<string, string>>;

/** What C-FIND tells of a series, and not of its study (DICOM PS3.4 table C.6-3, and what is usual beside it). */
const ofSeries = new Set([
  'Modality',
  'SeriesNumber',
  'SeriesDescription',
  'SeriesDate',
  'SeriesTime',
  'BodyPartExamined',
  'ProtocolName',
  'StationName',
  'Manufacturer',
  'PerformedProcedureStepStartDate',
  'PerformedProcedureStepStartTime',
  'NumberOfSeriesRelatedInstances',
  'SequenceName',
  'OperatorsName',
]);

/** The same of an instance (table C.6-4). */
const ofInstance = new Set([
  'InstanceNumber',
  'SOPClassUID',
  'NumberOfFrames',
  'Rows',
  'Columns',
  'AcquisitionNumber',
  'ImageType',
  'InstanceCreationDate',
  'InstanceCreationTime',
  'ContentDate',
  'ContentTime',
]);

/** The attributes that are compared, by the level at which both sides tell them. */
export type AttributesByLevel = Readonly<Record<ItemLevel, readonly string[]>>;

export function byLevel(keywords: readonly string[]): AttributesByLevel {
  return {
    study: keywords.filter((keyword) => !ofSeries.has(keyword) && !ofInstance.has(keyword)),
    series: keywords.filter((keyword) => ofSeries.has(keyword)),
    instance: keywords.filter((keyword) => ofInstance.has(keyword)),
  };
}

export interface ComparedAttributes {
  readonly differences: readonly AttributeDifference[];
  /** What the other side does not tell: many leave out what they do not know, or leave it empty. */
  readonly untold: readonly string[];
}

export interface ToldTags {
  readonly here: Tags;
  readonly there: Tags;
  /** Whether what the other side tells empty is empty. */
  readonly tellsAll: boolean;
}

/** Compares values by what they mean, not by how they are written. Pure. */
export function compareAttributes(
  keywords: readonly string[],
  { here, there, tellsAll }: ToldTags,
): ComparedAttributes {
  const differences: AttributeDifference[] = [];
  const untold: string[] = [];
  for (const keyword of keywords) {
    const [ours, theirs] = [here[keyword] ?? '', there[keyword] ?? ''];
    if (meaningOf(keyword, ours) === meaningOf(keyword, theirs)) continue;
    // What the other side cannot write, it has not told.
    const isUntold = !tellsAll && (theirs.trim() === '' || mayBeSameText(ours, theirs));
    if (isUntold) untold.push(keyword);
    else differences.push({ keyword, here: ours, there: theirs });
  }
  return { differences, untold };
}

const isSet = new Set(['ModalitiesInStudy', 'SOPClassesInStudy', 'StationName']);

/** Values that mean the same have the same meaning: padding, empty components, zeros and the order of a set tell nothing. */
function meaningOf(keyword: string, value: string): string {
  const trimmed = value.replaceAll('\0', '').trim();
  if (isSet.has(keyword)) return trimmed.split('\\').toSorted().join('\\');
  if (keyword.endsWith('Date')) return trimmed.replaceAll(/[^\d\\]/g, '');
  if (keyword.endsWith('Time')) return trimmed.replaceAll(':', '').replace(/\.0*$/, '').padEnd(6, '0');
  if (keyword.endsWith('Name')) return trimmed.replace(/[\^=]+$/, '');
  return isCount(keyword) && /^\d+$/.test(trimmed) ? String(Number(trimmed)) : trimmed;
}

/** An accession number is none: 7 and 07 are two. */
const isCount = (keyword: string): boolean =>
  /^(NumberOf.*|Rows|Columns|SeriesNumber|InstanceNumber|AcquisitionNumber)$/.test(keyword);
