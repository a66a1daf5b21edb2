import type { TrailRecord } from './trail-records.ts';

export interface ToldDeletions {
  readonly studies: number;
  readonly instances: number;
}

export const noDeletions: ToldDeletions = { studies: 0, instances: 0 };

/** With those of which one record of the audit trail tells. Pure. */
export function withTold(sum: ToldDeletions, { event, facts }: TrailRecord): ToldDeletions {
  if (event !== 'studies.deleted') return sum;
  const [whole, inPart] = [entriesIn(facts['studies']), entriesIn(facts['inPart'])];
  const instances = [...whole, ...inPart].reduce<number>(
    (count, entry) => count + instancesOf(entry),
    sum.instances,
  );
  return { studies: sum.studies + whole.length, instances };
}

const entriesIn = (told: unknown): readonly unknown[] => (Array.isArray(told) ? told : []);

function instancesOf(entry: unknown): number {
  const isObject = typeof entry === 'object' && entry !== null;
  return isObject && 'instances' in entry && typeof entry.instances === 'number' ? entry.instances : 0;
}
