import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { OpenDestination } from './open-destination.ts';
import type { Outgoing } from './open-route.ts';
import { unitOf, type UnitLevel } from './unit.ts';
import { readMemory, rememberInstances } from './unit-memory.ts';

interface Doubt {
  readonly inbox: Orthanc;
  readonly level: UnitLevel;
  readonly destination: OpenDestination;
  readonly signal: AbortSignal;
}

/**
 * Where a destination tells only that it has a SOP Instance UID, one copy would prove all that share it: a study that a
 * scanner has sent for two patients. Those that the inbox holds beside each other are not proved there, and count as held
 * before, as the one may have taken the place of the other. Looked at when the proof is given, as the other one may be gone
 * later, and right before the deletion, as it may have come later.
 * @returns the identifiers of those among the instances
 */
export async function doubtShared(
  instances: readonly Outgoing[],
  { inbox, level, destination, signal }: Doubt,
): Promise<ReadonlySet<string>> {
  const units = Map.groupBy(instances, (instance) => unitOf(instance, level));
  const proved = [...units].flatMap(([key, members]) => provedByExistence(key, members, destination));
  const doubted = await sharedAmong(proved, { inbox, signal });
  for (const [key, members] of units) {
    const shared = new Set(members.map(({ id }) => id).filter((id) => doubted.has(id)));
    if (shared.size > 0) countAsHeldBefore(key, shared, destination);
  }
  return doubted;
}

function countAsHeldBefore(key: string, shared: ReadonlySet<string>, destination: OpenDestination): void {
  // In this order: dying in between, we find the proof again, and doubt it once more.
  destination.take([key]);
  for (const { memory } of destination.ways) {
    const known = [...readMemory(memory, key).instances].filter(([id]) => shared.has(id));
    const doubtful = known.map(
      ([id, one]) => [id, { ...one, before: 'held' as const, proof: undefined }] as const,
    );
    rememberInstances(memory, [[key, doubtful]]);
  }
}

/** Whoever orders `count` has said that existence is enough, whoever has sent it. */
function provedByExistence(
  key: string,
  instances: readonly Outgoing[],
  { ways }: OpenDestination,
): readonly Outgoing[] {
  const memories = ways.map(({ memory }) => readMemory(memory, key).instances);
  return instances.filter(({ id }) => memories.some((memory) => memory.get(id)?.proof === 'image'));
}

const uidsAtOnce = 100;

async function sharedAmong(
  instances: readonly Outgoing[],
  { inbox, signal }: Pick<Doubt, 'inbox' | 'signal'>,
): Promise<ReadonlySet<string>> {
  const shared = new Set<string>();
  for (let from = 0; from < instances.length; from += uidsAtOnce) {
    const some = instances.slice(from, from + uidsAtOnce);
    const sopInstanceUids = [...new Set(some.map(({ identifiers }) => identifiers.sopInstanceUid))];
    const found = await inbox.findInstances({ sopInstanceUids, include: ['identifiers'], signal });
    const holders = Map.groupBy(found, ({ identifiers }) => identifiers?.sopInstanceUid);
    for (const { id, identifiers } of some)
      if ((holders.get(identifiers.sopInstanceUid) ?? []).some((other) => other.id !== id)) shared.add(id);
  }
  return shared;
}
