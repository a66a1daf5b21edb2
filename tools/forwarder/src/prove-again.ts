import type { Logger } from '@orthanc-tools/telemetry';
import { mostLosses, noteLoss } from './losses.ts';
import type { OpenDestination, OpenWay } from './open-destination.ts';
import type { There } from './judge-instance.ts';
import type { Outgoing } from './open-route.ts';
import { type Proved, isProved } from './plan-deletion.ts';
import { provedIn, readMemory } from './unit-memory.ts';

/** What is proved of a unit at a destination, by whichever way; of several proofs the one of the bytes that are here. */
export function provedAt(
  { ways, verify }: Pick<OpenDestination, 'ways' | 'verify'>,
  key: string,
  held: readonly Outgoing[],
): Map<string, Proved> {
  const proved = new Map<string, Proved>();
  const here = new Map(held.map((instance) => [instance.id, instance]));
  for (const { memory } of ways)
    for (const [id, proof] of provedIn(readMemory(memory, key), verify)) {
      const instance = here.get(id);
      if (instance !== undefined && isProved(instance, proof)) proved.set(id, proof);
    }
  return proved;
}

/** Instances that the inbox holds, by the unit to which they belong. */
export type HeldUnits = ReadonlyMap<string, readonly Outgoing[]>;

/** Those that were proved by this way. */
export function heldBy(
  way: OpenWay,
  units: HeldUnits,
  { verify }: Pick<OpenDestination, 'verify'>,
): Map<string, readonly Outgoing[]> {
  const proved = [...units].map(([key, instances]): [string, readonly Outgoing[]] => {
    const known = provedIn(readMemory(way.memory, key), verify);
    return [key, instances.filter((instance) => isProved(instance, known.get(instance.id)))];
  });
  return new Map(proved.filter(([, instances]) => instances.length > 0));
}

interface Asking {
  readonly destination: OpenDestination;
  readonly signal: AbortSignal;
}

/**
 * Asks the destination once more about what was proved by this way, right before it is deleted here, all at once.
 * @returns the identifiers of what it still has
 */
export async function proveAgain(
  way: OpenWay,
  units: HeldUnits,
  { destination, signal }: Asking,
): Promise<ReadonlySet<string>> {
  const proved = [...units].flatMap(([key, instances]) =>
    provedBy(key, instances, { way, verify: destination.verify }),
  );
  return new Set(await stillThere(proved, way, signal));
}

interface Losing {
  readonly destination: OpenDestination;
  readonly log: Logger;
}

/** What a destination does not have any more, or has with other content, counts as never sent and is brought there again. */
export function bringAgain(units: HeldUnits, losing: Losing): void {
  for (const [key, instances] of units)
    if (instances.length > 0)
      sendAgain(
        key,
        instances.map(({ id }) => id),
        losing,
      );
}

function sendAgain(key: string, ids: readonly string[], { destination, log }: Losing): void {
  const { name, ledger, ways } = destination;
  // In this order: dying in between, we find the proof again, and ask once more.
  destination.take([key]);
  const times = noteLoss(ledger, key);
  for (const { memory } of ways) memory.forget(key, ids);
  const consequence = times < mostLosses ? 'sent again' : 'set aside';
  log.warn('destination.lost', { destination: name, unit: key, instances: ids.length, times, consequence });
}

interface ProvedOutgoing {
  readonly instance: Outgoing;
  /** Nobody wanted to be asked about it. */
  readonly isUnasked: boolean;
}

/** What was proved by this way. */
function provedBy(
  key: string,
  instances: readonly Outgoing[],
  { way, verify }: { readonly way: OpenWay } & Pick<OpenDestination, 'verify'>,
): ProvedOutgoing[] {
  const memory = readMemory(way.memory, key);
  const known = provedIn(memory, verify);
  return instances
    .filter((instance) => isProved(instance, known.get(instance.id)))
    .map((instance) => ({
      instance: { ...instance, made: memory.instances.get(instance.id)?.made },
      isUnasked: known.get(instance.id)?.proof === 'none',
    }));
}

/** Of what was proved by this way, what it still holds; or what nobody wanted to be asked about. */
async function stillThere(
  proved: readonly ProvedOutgoing[],
  { route }: OpenWay,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const asked = proved.filter(({ isUnasked }) => !isUnasked).map(({ instance }) => instance);
  const there = asked.length === 0 ? new Map<string, There>() : await route.ask(asked, signal);
  return proved
    .filter(({ instance, isUnasked }) => isUnasked || isSame(instance, there.get(instance.id)))
    .map(({ instance }) => instance.id);
}

function isSame(instance: Outgoing, there: There | undefined): boolean {
  const { md5, size } = instance.made ?? instance;
  if (there?.is !== 'held') return false;
  const isOfSize = there.size === undefined || there.size === size;
  return isOfSize && (there.md5 === undefined || md5 === undefined || there.md5 === md5);
}
