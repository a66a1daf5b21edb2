import { hash } from 'node:crypto';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { type StudyMemory, recall } from './study-memory.ts';

/** What is remembered of single instances of a study, for when nobody can be asked. */
export type Remembrance =
  /** The destination was asked before the sending, and did not hold it; withdrawn once it is known what came of that. */
  | 'absent'
  /** What came of the sending was a proof: see `provedAs`. */
  | 'proved'
  /** A sending of it was answered with success. */
  | 'accepted'
  /** It is in the job that was begun last. */
  | 'underway';

type Kept = Pick<StoredInstance, 'id' | 'md5' | 'size'>;

/** Which instances of one study this was noted of: of these very bytes, as far as the source tells. */
export interface RememberedSet {
  has(instance: Kept): boolean;
  /** Durable on return. */
  add(instances: Iterable<Kept>): void;
  /** In place of what was noted before; durable on return. */
  put(instances: Iterable<Kept>): void;
  /** Durable on return. */
  remove(instances: Iterable<Kept>): void;
}

/** Eight bytes tell the instances of a study apart: a study of 10,000 takes 120 KB, in one row. */
const digestOf = ({ id, md5, size }: Kept): string =>
  hash('sha256', `${id} ${md5 ?? ''} ${String(size)}`, 'base64url').slice(0, 11);

/**
 * An instance whose sending was proved, and what must still be so for the proof to count: what the destination held by
 * then, or the time that it counts for.
 */
export const provedAs = ({ id, md5, size }: Kept, provided: string): Kept => ({
  id: `${id} ${provided}`,
  md5,
  size,
});

export function rememberedSet(memory: StudyMemory, study: string, what: Remembrance): RememberedSet {
  const digests = new Set((recall(memory, study, what) ?? '').split(' ').filter(Boolean));
  const write = () => {
    memory.remember(study, [{ part: what, note: [...digests].join(' ') }]);
    memory.flush();
  };
  const add = (instances: Iterable<Kept>) => {
    for (const instance of instances) digests.add(digestOf(instance));
  };
  return {
    has: (instance) => digests.has(digestOf(instance)),
    add(instances) {
      const before = digests.size;
      add(instances);
      if (digests.size > before) write();
    },
    put(instances) {
      digests.clear();
      add(instances);
      write();
    },
    remove(instances) {
      const before = digests.size;
      for (const instance of instances) digests.delete(digestOf(instance));
      if (digests.size < before) write();
    },
  };
}
