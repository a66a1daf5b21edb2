import type { StoredInstance } from '@orthanc-tools/orthanc-client';

/** What is to be sent of one study. */
export interface Missing<Owner> {
  readonly owner: Owner;
  readonly missing: readonly StoredInstance[];
}

/** What one job sends: instances of one or several studies, in this order. */
export type Load<Owner> = readonly { readonly owner: Owner; readonly instance: StoredInstance }[];

/**
 * A job costs Orthanc tens of milliseconds, however little it sends; the more it sends, the more is in doubt when it
 * fails, and the later anybody sees progress.
 */
const mostInstances = 500;
const mostBytes = 256 * 1024 ** 2;

/** Which instances one job takes. One that is larger by itself goes alone. Pure. */
export function planLoads<Owner>(studies: readonly Missing<Owner>[]): Load<Owner>[] {
  const loads: { owner: Owner; instance: StoredInstance }[][] = [];
  let bytes = 0;
  for (const { owner, missing } of studies)
    for (const instance of missing) {
      const load = loads.at(-1);
      const isFull = load === undefined || load.length >= mostInstances || bytes + instance.size > mostBytes;
      if (isFull) bytes = 0;
      bytes += instance.size;
      if (isFull) loads.push([{ owner, instance }]);
      else load.push({ owner, instance });
    }
  return loads;
}
