import { type Failure, transientFailure } from '@orthanc-tools/failures';
import type { WeighedStudy } from '../plan/weigh-plan.ts';
import type { Cleaning } from '../run/cleaning.ts';
import type { Fate } from './fate.ts';
import type { SeenStudy } from './recheck-study.ts';
import { foundByUid, lookUp } from '../run/look-up.ts';
import { listHoldings } from './see-studies.ts';

/** A study whose deletion is in order. */
export interface Doomed {
  readonly planned: WeighedStudy;
  readonly seen: SeenStudy;
  readonly rule: string;
}

/** As the audit trail names it. */
export const entryOf = ({ planned, seen, rule }: Doomed) => ({
  study: planned.id,
  rule,
  instances: seen.instances.length,
});

type Concluding = Pick<Cleaning, 'orthanc' | 'trail' | 'memory'>;

/** Nothing is called deleted before Orthanc says that it is gone. */
export async function concludeDeletion(
  doomed: readonly Doomed[],
  { orthanc, memory, trail }: Concluding,
): Promise<Map<string, Fate>> {
  // Without the signal: what was begun is told of, also to somebody who has asked for an end.
  const holdings = await listHoldings(await stillThere(doomed, { orthanc }), { orthanc });
  const fates = new Map(doomed.map((one) => [one.planned.id, fateOf(one, holdings.get(one.planned.id))]));
  const of = (is: Fate['is']) => doomed.filter(({ planned }) => fates.get(planned.id)?.is === is);
  trail.write('studies.deleted', {
    studies: of('deleted').map(entryOf),
    ...(of('torn').length > 0 && { inPart: of('torn').map(entryOf) }),
    notDeleted: of('failed').map(({ planned }) => planned.id),
  });
  const over = [...of('deleted'), ...of('torn')].map(({ planned }) => planned.id);
  memory.forgetBegun(over);
  for (const id of over) memory.forgetQuarantine(id);
  return fates;
}

/** Who was found by its UID right before is looked for by it once more: what is gone costs no search by its identifier. */
async function stillThere(doomed: readonly Doomed[], asking: Pick<Concluding, 'orthanc'>) {
  const [byUid, byId] = [true, false].map((isByUid) =>
    doomed.filter(({ seen }) => seen.isFoundByUid === isByUid).map(({ planned }) => planned),
  );
  const found = [
    await foundByUid(byUid ?? [], { ...asking, areGone: true }),
    await lookUp(byId ?? [], asking),
  ];
  const ids = new Set(found.flatMap((studies) => [...studies.keys()]));
  return doomed.map(({ planned }) => planned).filter(({ id }) => ids.has(id));
}

function fateOf({ planned, seen, rule }: Doomed, held: readonly string[] = []): Fate {
  const instances = seen.instances.length;
  if (held.length === 0) return { is: 'deleted', instances, bytes: planned.bytes, rule };
  const named = new Set(seen.instances);
  return held.some((id) => named.has(id))
    ? { is: 'failed', failure: notDeleted() }
    : { is: 'torn', instances, left: held.length, rule };
}

const notDeleted = (): Failure =>
  transientFailure('NOT_DELETED', 'Orthanc still holds the study that it was told to delete.');
