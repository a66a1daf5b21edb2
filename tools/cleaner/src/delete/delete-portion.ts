import type { Failure } from '@orthanc-tools/failures';
import { transientFailure } from '@orthanc-tools/failures';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import type { Cleaning } from '../run/cleaning.ts';
import { type Recheck, type SeenStudy, recheckStudy } from './recheck-study.ts';
import { type Holdings, seeStudies } from './see-studies.ts';

type PortionContext = Pick<
  Cleaning,
  'orthanc' | 'judge' | 'quarantine' | 'elsewhere' | 'trail' | 'memory' | 'signal'
>;

/** How it ended for each study of a portion. */
export type Fate =
  | { readonly is: 'deleted'; readonly instances: number; readonly bytes: number; readonly rule: string }
  | Exclude<Recheck, { readonly is: 'deletable' }>
  | { readonly is: 'left'; readonly why: 'not elsewhere' }
  | { readonly is: 'failed'; readonly failure: Failure };

/** So many instances are named in one request at most. */
const largestRequest = 1000;

/** A study whose deletion is in order. */
interface Doomed {
  readonly planned: WeighedStudy;
  readonly seen: SeenStudy;
  readonly rule: string;
}

/**
 * Looks at the studies once more, deletes the instances of those that are as they were planned, and looks whether they
 * are gone. Never names a study to Orthanc: what arrives within the last moment stays.
 * @throws what kept Orthanc from being asked; what had been told to be deleted is then noted as begun
 */
export async function deletePortion(
  studies: readonly WeighedStudy[],
  held: Holdings,
  context: PortionContext,
): Promise<Map<string, Fate>> {
  const seen = await seeStudies(studies, held, context);
  const fates = new Map<string, Fate>();
  const doomed: Doomed[] = [];
  for (const planned of studies) {
    const now = seen.get(planned.id);
    const needsQuarantine = context.quarantine !== undefined;
    const begun = context.memory.begunOf(planned.id)?.instances;
    const recheck = recheckStudy({ planned, seen: now, begun, judge: context.judge, needsQuarantine });
    if (recheck.is !== 'deletable' || now === undefined)
      fates.set(planned.id, recheck.is === 'deletable' ? { is: 'vanished' } : recheck);
    else if (await isElsewhere(planned, now, context))
      doomed.push({ planned, seen: now, rule: recheck.rule });
    else fates.set(planned.id, { is: 'left', why: 'not elsewhere' });
  }
  // Whatever comes under these identifiers from now on is not the rest of a deletion.
  context.memory.forgetBegun([...fates].flatMap(([id, { is }]) => (is === 'vanished' ? [id] : [])));
  if (doomed.length > 0) for (const [id, fate] of await deleteAll(doomed, context)) fates.set(id, fate);
  return fates;
}

/** Of all that the study holds: another place that lacks one instance has not got the study. */
async function isElsewhere(
  { id }: WeighedStudy,
  { instances }: SeenStudy,
  { elsewhere, orthanc, signal }: PortionContext,
): Promise<boolean> {
  if (elsewhere === undefined) return true;
  const stored = await orthanc.findInstances({ studyId: id, include: ['identifiers'], signal });
  const listed = new Set(stored.map((instance) => instance.id));
  return (
    stored.length === instances.length &&
    instances.every((instance) => listed.has(instance)) &&
    (await elsewhere.holds(stored, id, signal))
  );
}

async function deleteAll(doomed: readonly Doomed[], context: PortionContext): Promise<Map<string, Fate>> {
  const { orthanc, memory, trail } = context;
  const named = doomed.map(({ planned, seen, rule }) => ({
    study: planned.id,
    rule,
    instances: seen.instances.length,
  }));
  const now = (await orthanc.now()).getTime();
  memory.noteBegun(
    new Map(
      doomed.map(({ planned: { id, lastUpdate }, seen: { instances } }) => {
        const { at = now, instances: before = instances } = memory.begunOf(id) ?? {};
        return [id, { at, instances: before, lastUpdate }];
      }),
    ),
  );
  trail.write('studies.deleting', { studies: named });
  const instances = doomed.flatMap(({ seen }) => seen.instances);
  for (let from = 0; from < instances.length; from += largestRequest)
    // What was begun is brought to its end: an answer that nobody waits for tells nothing.
    await orthanc.instances.deleteAll(instances.slice(from, from + largestRequest));
  return concludeDeletion(doomed, context);
}

/** Nothing is called deleted before Orthanc says that it is gone. */
async function concludeDeletion(
  doomed: readonly Doomed[],
  { orthanc, memory, trail }: PortionContext,
): Promise<Map<string, Fate>> {
  const left = await orthanc.resources.facts(
    'Study',
    doomed.map(({ planned }) => planned.id),
  );
  const isLeft = new Set(left.map(({ id }) => id));
  const fates = doomed.map(({ planned, seen, rule }): [string, Fate] => [
    planned.id,
    isLeft.has(planned.id)
      ? { is: 'failed', failure: notDeleted() }
      : { is: 'deleted', instances: seen.instances.length, bytes: planned.bytes, rule },
  ]);
  const gone = doomed.filter(({ planned }) => !isLeft.has(planned.id));
  trail.write('studies.deleted', {
    studies: gone.map(({ planned, seen, rule }) => ({
      study: planned.id,
      rule,
      instances: seen.instances.length,
    })),
    notDeleted: [...isLeft],
  });
  memory.forgetBegun(gone.map(({ planned }) => planned.id));
  for (const { planned } of gone) memory.forgetQuarantine(planned.id);
  return new Map(fates);
}

const notDeleted = (): Failure =>
  transientFailure('NOT_DELETED', 'Orthanc still holds the study that it was told to delete.');
