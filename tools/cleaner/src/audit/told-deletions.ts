import type { TrailRecord } from './trail-records.ts';

export interface ToldDeletions {
  readonly studies: number;
  readonly instances: number;
  /**
   * How the deletions ended that were told of last, since the last that was begun, by Orthanc's identifiers of studies: what a killed
   * run had not yet put down in its ledger can only be among these.
   */
  readonly last: ReadonlyMap<string, 'whole' | 'in part'>;
}

export const noDeletions: ToldDeletions = { studies: 0, instances: 0, last: new Map() };

/** With those of which one record of the audit trail tells. Pure. */
export function withTold(sum: ToldDeletions, { event, facts }: TrailRecord): ToldDeletions {
  if (event === 'studies.deleting') return { ...sum, last: noDeletions.last };
  if (event !== 'studies.deleted') return sum;
  const [whole, inPart] = [entriesIn(facts['studies']), entriesIn(facts['inPart'])];
  const instances = [...whole, ...inPart].reduce<number>(
    (count, entry) => count + instancesOf(entry),
    sum.instances,
  );
  const last = new Map([
    ...sum.last,
    ...studiesIn(whole).map((id) => [id, 'whole'] as const),
    ...studiesIn(inPart).map((id) => [id, 'in part'] as const),
  ]);
  return { studies: sum.studies + whole.length, instances, last };
}

type Entry = Readonly<Record<string, unknown>>;

const entriesIn = (told: unknown): readonly Entry[] =>
  Array.isArray(told)
    ? told.map((entry: unknown) => (typeof entry === 'object' && entry !== null ? (entry as Entry) : {}))
    : [];

const instancesOf = ({ instances }: Entry): number => (typeof instances === 'number' ? instances : 0);

const studiesIn = (entries: readonly Entry[]): string[] =>
  entries.map(({ study }) => study).filter((study) => typeof study === 'string');
