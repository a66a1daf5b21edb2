import { type Compared, compareStudy } from '@orthanc-tools/copy-proof';
import type { Orthanc, StoredInstance, StudyHead } from '@orthanc-tools/orthanc-client';
import { askAboutStudies, studiesToAskAbout } from '../ask-about-studies.ts';

/** How two archives may differ; `only-there` is what the destination has and the source has not. */
export type DifferenceKind = 'only-here' | 'only-there' | 'other-content' | 'without-file';

export interface Difference {
  readonly kind: DifferenceKind;
  /** Orthanc IDs. */
  readonly study: string;
  readonly instance: string;
}

/** Counts of instances, unless told otherwise. */
export interface Comparison {
  /** Studies that the source holds. */
  studies: number;
  /** Instances that the source holds. */
  instances: number;
  /** By ID and MD5. */
  equal: number;
  /** By ID and size, where a server keeps no MD5. */
  equalBySize: number;
  readonly differences: Record<DifferenceKind, number>;
}

export interface ComparisonRequest {
  readonly source: Orthanc;
  readonly destination: Orthanc;
  /** Told of each difference as it is found. */
  onDifference(difference: Difference): Promise<void>;
  /** Told after each portion. */
  onProgress?(soFar: Comparison): void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compares all that two Orthancs hold, in both directions, by what they have in their indexes: no file is read. What
 * differs is looked at twice, as something may be on its way. Holds a few dozen studies at a time, or some hundred small ones.
 */
export async function compareArchives(request: ComparisonRequest): Promise<Comparison> {
  const { source, destination, signal } = request;
  const none = { 'only-here': 0, 'only-there': 0, 'other-content': 0, 'without-file': 0 };
  const sum: Comparison = { studies: 0, instances: 0, equal: 0, equalBySize: 0, differences: none };
  const together = Math.max(...(await Promise.all([source, destination].map(studiesToAskAbout))));
  for await (const heads of source.studies.headPages(signal)) {
    await askAboutStudies(heads, (some) => compareStudies(some, request, sum), together);
  }
  for await (const heads of destination.studies.headPages(signal)) {
    await askAboutStudies(heads, (some) => tellUnknown(some, request, sum), together);
  }
  return sum;
}

/** What both sides hold of some studies, by study; a study that a side does not know is none of its own. */
interface Held {
  readonly heads: readonly StudyHead[];
  readonly instances: ReadonlyMap<string, readonly StoredInstance[]>;
}

async function heldOf(side: Orthanc, heads: readonly StudyHead[], signal?: AbortSignal): Promise<Held> {
  return { heads, instances: await side.studies.instancesOfEach(heads, signal) };
}

async function compareStudies(
  heads: readonly StudyHead[],
  request: ComparisonRequest,
  sum: Comparison,
): Promise<void> {
  const { source, destination, signal } = request;
  const look = async (studies: readonly StudyHead[]) => {
    const alike = destination.studies.headsAlike(studies, signal);
    return Promise.all([heldOf(source, studies, signal), heldOf(destination, await alike, signal)]);
  };
  const [here, there] = await look(heads);
  const again: string[] = [];
  for (const { id } of here.heads) {
    const own = { here: here.instances.get(id) ?? [], there: there.instances.get(id) ?? [] };
    if (differencesOf(id, own).length > 0) again.push(id);
    else add(sum, own);
  }
  if (again.length > 0) {
    // They may have changed since the page was read, or be gone.
    const [hereNow, thereNow] = await look(await source.studies.heads(again, signal));
    for (const { id } of hereNow.heads) {
      const own = { here: hereNow.instances.get(id) ?? [], there: thereNow.instances.get(id) ?? [] };
      add(sum, own);
      for (const difference of differencesOf(id, own)) await tell(difference, request, sum);
    }
  }
  request.onProgress?.(sum);
}

interface Sides {
  readonly here: readonly StoredInstance[];
  readonly there: readonly StoredInstance[];
}

const compare = ({ here, there }: Sides): Compared[] => compareStudy(here, there, () => true);

function add(sum: Comparison, sides: Sides): void {
  sum.studies += 1;
  sum.instances += sides.here.length;
  for (const { verdict } of compare(sides)) {
    if (verdict.is === 'proved') sum.equal += 1;
    else if (verdict.is === 'undecided') sum.equalBySize += 1;
  }
}

const kinds: Readonly<Partial<Record<Compared['verdict']['is'], DifferenceKind>>> = {
  missing: 'only-here',
  different: 'other-content',
  'without file': 'without-file',
};

function differencesOf(study: string, sides: Sides): Difference[] {
  const known = new Set(sides.here.map(({ id }) => id));
  const compared = compare(sides).flatMap(({ instance: { id: instance }, verdict }): Difference[] => {
    const kind = kinds[verdict.is];
    return kind === undefined ? [] : [{ kind, study, instance }];
  });
  const further = sides.there.filter(({ id }) => !known.has(id));
  return [
    ...compared,
    ...further.map(({ id: instance }) => ({ kind: 'only-there' as const, study, instance })),
  ];
}

async function tell(difference: Difference, request: ComparisonRequest, sum: Comparison): Promise<void> {
  sum.differences[difference.kind] += 1;
  await request.onDifference(difference);
}

/** Of studies that the destination holds, those that the source does not know. */
async function tellUnknown(
  heads: readonly StudyHead[],
  request: ComparisonRequest,
  sum: Comparison,
): Promise<void> {
  const { source, destination, signal } = request;
  const known = new Set((await source.studies.headsAlike(heads, signal)).map(({ id }) => id));
  const unknown = heads.filter(({ id }) => !known.has(id));
  if (unknown.length === 0) return;
  // A study that went from both sides since the page was read is no difference.
  const ids = unknown.map(({ id }) => id);
  const { instances } = await heldOf(destination, await destination.studies.heads(ids, signal), signal);
  for (const [study, held] of instances)
    for (const { id: instance } of held) await tell({ kind: 'only-there', study, instance }, request, sum);
}
