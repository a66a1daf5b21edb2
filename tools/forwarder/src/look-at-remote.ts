import type { Verification } from './destination.ts';
import type { ForwardContext, Judged, OutgoingUnit } from './forward-units.ts';
import { type There, judgeInstance } from './judge-instance.ts';
import type { Assurance } from './open-destination.ts';
import type { Outgoing } from './open-route.ts';
import { suffices } from './proof-strength.ts';
import { type InstanceMemory, fileOf, memoryOf, readMemory, rememberInstances } from './unit-memory.ts';

/** Asks the remote about all that was not proved yet, in one go, and notes what is proved now. */
export async function look(
  units: readonly OutgoingUnit[],
  { ledger, route, verify, ordered, signal }: ForwardContext,
): Promise<Map<string, Judged[]>> {
  const known = new Map(units.map(({ key }) => [key, readMemory(ledger, key)]));
  const recall = (instance: Outgoing, key: string) => asOrdered(memoryOf(instance, known.get(key)), ordered);
  const open = units.flatMap(({ key, instances }) =>
    instances.filter((instance) => recall(instance, key)?.proof === undefined),
  );
  const canAsk = verify !== 'none' && verify !== 'unprovable' && open.length > 0;
  const there: ReadonlyMap<string, There> = canAsk ? await route.ask(open, signal) : new Map();
  const looked = units.map(({ key, instances }) => ({
    key,
    sights: instances.map((instance) => lookAt(instance, { memory: recall(instance, key), there, verify })),
  }));
  rememberInstances(
    ledger,
    looked.map(({ key, sights }) => [
      key,
      sights.flatMap(({ learnt }) => (learnt === undefined ? [] : [learnt])),
    ]),
  );
  return new Map(looked.map(({ key, sights }) => [key, sights]));
}

interface Sight {
  readonly memory: InstanceMemory | undefined;
  readonly there: ReadonlyMap<string, There>;
  readonly verify: Assurance;
}

function lookAt(
  instance: Outgoing,
  { memory, there, verify }: Sight,
): Judged & { learnt?: readonly [string, InstanceMemory] } {
  if (memory?.proof !== undefined) return { instance, judgement: { is: 'proved', proof: memory.proof } };
  const found = there.get(instance.id) ?? { is: 'unknown' };
  // What was there before the sending is what was there at the last look before it.
  const known = isUntouched(memory, found) ? undefined : memory;
  const { id, made } = instance;
  const judgement = judgeInstance(made ?? instance, found, known, verify === 'unprovable' ? 'image' : verify);
  const now: InstanceMemory = {
    ...{ before: found.is, isSent: false, ...fileOf(instance) },
    ...known,
    ...(made !== undefined && { made }),
  };
  if (judgement.is === 'proved')
    return { instance, judgement, learnt: [id, { ...now, proof: judgement.proof }] };
  const isNew = found.is === 'absent' && found.isOfNewSeries === true;
  const sight = { instance, judgement, ...(isNew && { isOfNewSeries: true as const }) };
  const isKnown = memory?.before === now.before && memory.isBegun === now.isBegun;
  return isKnown ? sight : { ...sight, learnt: [id, now] };
}

/**
 * Nothing was sent yet: whatever the destination has by now, it has not got it from here. Nor by a job that has
 * failed, where it is not there afterwards.
 */
const isUntouched = (memory: InstanceMemory | undefined, found: There): boolean =>
  memory?.isSent !== true &&
  (memory?.isBegun !== true || (memory.isFailed === true && found.is === 'absent'));

/** Without a proof that is not enough any more. */
function asOrdered(
  memory: InstanceMemory | undefined,
  ordered: Verification | undefined,
): InstanceMemory | undefined {
  if (memory?.proof === undefined || suffices(memory.proof, ordered)) return memory;
  return { ...memory, proof: undefined };
}
