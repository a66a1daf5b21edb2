import type { OpenDestination } from './open-destination.ts';
import type { Outgoing } from './open-route.ts';
import { readMemory } from './unit-memory.ts';

/**
 * Asks the destination once more about what is proved to be there, right before it is deleted here. What it does not
 * have any more, or has with other content, counts as never sent and is brought there again.
 * @returns the identifiers of those
 */
export async function proveAgain(
  key: string,
  instances: readonly Outgoing[],
  { destination, signal }: { readonly destination: OpenDestination; readonly signal: AbortSignal },
): Promise<ReadonlySet<string>> {
  const { ledger, way, otherWay } = destination;
  const known = readMemory(ledger, key).instances;
  const asked = instances.filter(({ id }) => known.get(id)?.proof !== 'none');
  if (asked.length === 0) return new Set();
  // Proof lies where the instances were sent: at the first way, or at the other one while that was down.
  const ways = otherWay === undefined ? [way] : [way, otherWay];
  let missing = asked;
  for (const one of ways) {
    if (missing.length === 0) break;
    const there = await one.ask(missing, signal);
    missing = missing.filter(({ id, md5 }) => {
      const found = there.get(id);
      return !(found?.is === 'held' && (found.md5 === undefined || md5 === undefined || found.md5 === md5));
    });
  }
  const ids = missing.map(({ id }) => id);
  if (ids.length > 0) {
    ledger.forget(key, ids);
    destination.take(key);
  }
  return new Set(ids);
}
