import type { StoredInstance } from '@orthanc-tools/orthanc-client';

/**
 * What is known of an instance at the destination. The same Orthanc ID on both sides only proves the same four DICOM
 * identifiers, not the same pixels; hence the MD5 whenever both servers keep one.
 */
export type Verdict =
  | { readonly is: 'proved'; readonly proof: Proof }
  | { readonly is: 'missing' }
  | { readonly is: 'different' }
  /** A server knows the instance and holds no file of it: nothing can be compared. */
  | { readonly is: 'without file'; readonly at: 'source' | 'destination' }
  /** Same ID, but a server keeps no MD5: equal sizes say little about what was there before we came. */
  | { readonly is: 'undecided' };

/** `id+md5`: Orthanc ID and MD5 are equal. `id`: Orthanc ID and size are equal, and a server keeps no MD5. */
export type Proof = 'id+md5' | 'id';

export interface Compared {
  readonly instance: StoredInstance;
  readonly verdict: Verdict;
}

/**
 * Compares what the source holds with what the destination holds of one study. Pure. `wasThereBefore` tells which
 * instances the destination held before anything was sent: for these, an equal ID is no proof of equal content.
 */
export function compareStudy(
  source: readonly StoredInstance[],
  destination: readonly StoredInstance[],
  wasThereBefore: (id: string) => boolean,
): Compared[] {
  const there = new Map(destination.map((instance) => [instance.id, instance]));
  return source.map((instance) => ({
    instance,
    verdict: verdictOn(instance, there.get(instance.id), wasThereBefore),
  }));
}

function verdictOn(
  here: StoredInstance,
  there: StoredInstance | undefined,
  wasThereBefore: (id: string) => boolean,
): Verdict {
  if (here.isWithoutFile) return { is: 'without file', at: 'source' };
  if (there === undefined) return { is: 'missing' };
  if (there.isWithoutFile) return { is: 'without file', at: 'destination' };
  if (here.md5 !== undefined && there.md5 !== undefined)
    return here.md5 === there.md5 ? { is: 'proved', proof: 'id+md5' } : { is: 'different' };
  if (here.size !== there.size) return { is: 'different' };
  return wasThereBefore(here.id) ? { is: 'undecided' } : { is: 'proved', proof: 'id' };
}
