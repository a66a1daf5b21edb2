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

interface Asking {
  readonly destination: OpenDestination;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/**
 * Asks the destination once more about what is proved to be there, right before it is deleted here: each instance by the
 * way by which it got there, and all of one way at once. What it does not have any more, or has with other content, counts
 * as never sent and is brought there again.
 * @returns the identifiers of those
 */
export async function proveAgain(
  units: HeldUnits,
  { destination, signal, log }: Asking,
): Promise<ReadonlySet<string>> {
  const there = new Set<string>();
  for (const way of destination.ways) {
    const proved = [...units].flatMap(([key, instances]) => {
      const open = instances.filter(({ id }) => !there.has(id));
      return provedBy(key, open, { way, verify: destination.verify });
    });
    for (const id of await stillThere(proved, way, signal)) there.add(id);
  }
  const isMissing = ({ id }: Outgoing) => !there.has(id);
  const missing = new Set<string>();
  for (const [key, instances] of units) {
    const ids = instances.filter(isMissing).map(({ id }) => id);
    if (ids.length === 0) continue;
    sendAgain(key, ids, { destination, log });
    for (const id of ids) missing.add(id);
  }
  return missing;
}

/** It was proved to be there, and is there no more. */
function sendAgain(key: string, ids: readonly string[], { destination, log }: Omit<Asking, 'signal'>): void {
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
