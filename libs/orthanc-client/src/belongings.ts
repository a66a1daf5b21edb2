import { type JsonRecord, count, filledText, list, plainText, record } from './json-fields.ts';
import type { Resource } from './resources.ts';

/** A file that a user or a plugin has attached to a resource. */
export interface AttachedFile {
  /** Bytes, before compression at rest. */
  readonly size: number;
  /** Undefined where the server keeps none. */
  readonly md5: string | undefined;
}

/**
 * What users and plugins have added to a resource: its labels, and metadata and attachments by their numbers, which are
 * 1024 and above. What Orthanc itself keeps there is none of it.
 */
export interface Belongings {
  readonly labels: readonly string[];
  readonly metadata: ReadonlyMap<number, string>;
  readonly attachments: ReadonlyMap<number, AttachedFile>;
}

export interface ResourceBelongings extends Resource, Belongings {
  /** Of a patient: Orthanc spares it when it makes room. */
  readonly isProtected?: boolean;
}

/** The name, as `/system` tells it, and the number of each kind of user metadata that has a name. */
export type MetadataNames = ReadonlyMap<string, number>;

/** Below it, numbers are Orthanc's own. */
export const firstUserNumber = 1024;

export function metadataIn(from: JsonRecord, names: MetadataNames): Map<number, string> {
  const found = new Map<number, string>();
  for (const [name, value] of Object.entries(record(from['Metadata'] ?? {}, '"Metadata"'))) {
    const number = names.get(name) ?? (/^\d+$/.test(name) ? Number(name) : 0);
    if (number >= firstUserNumber && typeof value === 'string') found.set(number, value);
  }
  return found;
}

export function attachmentsIn(from: JsonRecord): Map<number, AttachedFile> {
  const found = new Map<number, AttachedFile>();
  for (const attached of list(from['Attachments'] ?? [], '"Attachments"', (one) => record(one, 'a file'))) {
    const number = count(attached, 'ContentType');
    if (number >= firstUserNumber) found.set(number, parseAttached(attached));
  }
  return found;
}

export const parseAttached = (from: JsonRecord): AttachedFile => ({
  size: count(from, 'UncompressedSize'),
  md5: filledText(from, 'UncompressedMD5'),
});

export const labelsIn = (from: JsonRecord): string[] => list(from['Labels'] ?? [], '"Labels"', plainText);
