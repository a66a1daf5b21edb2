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

/**
 * Asks the destination once more about what is proved to be there, right before it is deleted here: each instance by the
 * way by which it got there. What it does not have any more, or has with other content, counts as never sent and is
 * brought there again.
 * @returns the identifiers of those
 */
export async function proveAgain(
  key: string,
  instances: readonly Outgoing[],
  { destination, signal }: { readonly destination: OpenDestination; readonly signal: AbortSignal },
): Promise<ReadonlySet<string>> {
  const missing = new Map(instances.map((instance) => [instance.id, instance]));
  for (const way of destination.ways)
    for (const id of await stillThere(key, [...missing.values()], {
      way,
      verify: destination.verify,
      signal,
    }))
      missing.delete(id);
  if (missing.size > 0) {
    // In this order: dying in between, we find the proof again, and ask once more.
    destination.take([key]);
    for (const { memory } of destination.ways) memory.forget(key, missing.keys());
  }
  return new Set(missing.keys());
}

interface Asking extends Pick<OpenDestination, 'verify'> {
  readonly way: OpenWay;
  readonly signal: AbortSignal;
}

/** Of what was proved by this way, what it still holds; or what nobody wanted to be asked about. */
async function stillThere(
  key: string,
  instances: readonly Outgoing[],
  { way, verify, signal }: Asking,
): Promise<readonly string[]> {
  const memory = readMemory(way.memory, key);
  const known = provedIn(memory, verify);
  const proved = instances
    .filter((instance) => isProved(instance, known.get(instance.id)))
    .map((instance): Outgoing => ({ ...instance, made: memory.instances.get(instance.id)?.made }));
  const isAsked = ({ id }: Outgoing) => known.get(id)?.proof !== 'none';
  const asked = proved.filter(isAsked);
  const there = asked.length === 0 ? new Map<string, There>() : await way.route.ask(asked, signal);
  return proved
    .filter((instance) => !isAsked(instance) || isSame(instance, there.get(instance.id)))
    .map(({ id }) => id);
}

function isSame(instance: Outgoing, there: There | undefined): boolean {
  const { md5, size } = instance.made ?? instance;
  if (there?.is !== 'held') return false;
  const isOfSize = there.size === undefined || there.size === size;
  return isOfSize && (there.md5 === undefined || md5 === undefined || there.md5 === md5);
}
