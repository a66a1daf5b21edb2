import { createHash } from 'node:crypto';
import type { AttachedFile, Resource, ResourceBelongings } from '@orthanc-tools/orthanc-client';

/** What users may add to a resource of Orthanc, in the words of `--belongings`. */
export const belongingKinds = ['labels', 'metadata', 'attachments', 'protection'] as const;
export type BelongingKind = (typeof belongingKinds)[number];

/** One thing that was added to one resource. */
export interface Belonging {
  /** Tells it from all others, also in reports: `studies/{id}/labels/URGENT`. */
  readonly key: string;
  readonly resource: Resource;
  readonly kind: BelongingKind;
  /** A label, or a number of metadata and attachments; empty for the protection. */
  readonly name: string;
  /** The same for the same content, on whatever server. */
  readonly digest: string;
  /** Of metadata. */
  readonly value?: string;
  /** Of an attachment. */
  readonly file?: AttachedFile;
}

const folders = { Patient: 'patients', Study: 'studies', Series: 'series', Instance: 'instances' } as const;

export const keyOf = ({ level, id }: Resource, kind: BelongingKind, name: string): string =>
  [folders[level], id, kind, name].filter((part) => part !== '').join('/');

const digestOf = (value: string): string => createHash('sha256').update(value).digest('hex').slice(0, 32);

/** The size alone, where a server keeps no MD5. */
const digestOfFile = ({ md5, size }: AttachedFile): string => `${md5 ?? ''}:${String(size)}`;

/** Where one of two servers keeps no MD5, equal sizes are all that can be seen. */
export function isSame(one: Belonging, other: Belonging): boolean {
  if (one.file === undefined || other.file === undefined) return one.digest === other.digest;
  const [first, second] = [one.file, other.file];
  if (first.md5 === undefined || second.md5 === undefined) return first.size === second.size;
  return first.md5 === second.md5;
}

export interface Choice {
  readonly kinds: ReadonlySet<BelongingKind>;
  /** Numbers of metadata and attachments that are left alone. */
  readonly skipped: ReadonlySet<number>;
  /** Labels that are left alone: with them the clone itself marks studies at the source. */
  readonly ownLabels: ReadonlySet<string>;
}

/** Everything that was added to the resources, one by one. */
export function listBelongings(
  resources: readonly ResourceBelongings[],
  { kinds, skipped, ownLabels }: Choice,
): Map<string, Belonging> {
  const found = new Map<string, Belonging>();
  const add = (resource: Resource, kind: BelongingKind, name: string, more: Partial<Belonging>) => {
    const about = { level: resource.level, id: resource.id };
    const key = keyOf(about, kind, name);
    if (kinds.has(kind)) found.set(key, { key, resource: about, kind, name, digest: '', ...more });
  };
  for (const resource of resources) {
    for (const label of resource.labels) if (!ownLabels.has(label)) add(resource, 'labels', label, {});
    for (const [number, value] of resource.metadata)
      if (!skipped.has(number)) add(resource, 'metadata', String(number), { value, digest: digestOf(value) });
    for (const [number, file] of resource.attachments)
      if (!skipped.has(number))
        add(resource, 'attachments', String(number), { file, digest: digestOfFile(file) });
    if (resource.isProtected === true) add(resource, 'protection', '', {});
  }
  return found;
}
