import type { Logger } from '@orthanc-tools/telemetry';
import type { Hand } from '@orthanc-tools/work-loop';
import type { KnownVia } from './conclude-unit.ts';
import { type ForwardContext, type Judged, type OutgoingUnit, forwardUnits } from './forward-units.ts';
import type { Assurance, OpenDestination, OpenWay } from './open-destination.ts';
import { isProved } from './plan-deletion.ts';
import { provedIn, readMemory } from './unit-memory.ts';
import type { Assurances } from './watch-assurances.ts';

interface Bringing {
  readonly inbox: ForwardContext['inbox'];
  readonly destination: OpenDestination;
  readonly way: OpenWay;
  readonly assurances: Assurances;
  readonly log: Logger;
  readonly hand: Hand;
}

/**
 * Brings by one way what is not proved by the other: what that took while this one was down is at the destination.
 * @returns what is known of each instance, by unit and, within it, by the way it took
 */
export async function bringUnits(
  units: readonly OutgoingUnit[],
  bringing: Bringing,
): Promise<Map<string, readonly KnownVia[]>> {
  const { destination, way, hand, assurances } = bringing;
  const assurance = assurances.found(way, destination, await way.route.strength(hand.signal));
  const elsewhere = new Map(units.map((unit) => [unit.key, provedElsewhere(unit, bringing)]));
  const left = units.map((unit) => ({
    ...unit,
    instances: withoutKnown(unit.instances, elsewhere.get(unit.key) ?? []),
  }));
  const before = new Map(
    units.map(({ key }) => [key, provedIn(readMemory(way.memory, key), destination.verify)]),
  );
  const sent = new Set<string>();
  const judged = await forwardUnits(
    left.filter(({ instances }) => instances.length > 0),
    forwarding(bringing, { assurance, sent }),
  );
  const known = left.map(({ key }): [string, KnownVia[]] => {
    const here = judged.get(key) ?? [];
    const via = viaWay(here, { ...bringing, assurance, sent, before: before.get(key) });
    return [key, [...(elsewhere.get(key) ?? []), ...(here.length > 0 ? [via] : [])]];
  });
  return new Map(known);
}

function withoutKnown(instances: OutgoingUnit['instances'], elsewhere: readonly KnownVia[]) {
  const done = new Set(elsewhere.flatMap(({ judged }) => judged).map(({ instance }) => instance));
  return instances.filter((instance) => !done.has(instance));
}

interface Sending {
  readonly assurance: Assurance;
  /** Is told of what the remote has accepted. */
  readonly sent: Set<string>;
}

function forwarding(
  { inbox, destination, way, log, hand }: Bringing,
  { assurance, sent }: Sending,
): ForwardContext {
  const { choice, verify } = destination;
  return {
    inbox,
    ledger: way.memory,
    route: way.route,
    verify: assurance,
    ordered: verify,
    signal: hand.signal,
    log,
    isDoubted: () => choice.yieldsForMs() !== undefined,
    onTaken: () => {
      choice.noteTaken(way);
    },
    onSent: (instances) => {
      choice.noteTaken(way);
      for (const { id } of instances) sent.add(id);
      const bytes = instances.reduce((sum, { size }) => sum + size, 0);
      hand.observe({ parts: instances.length, bytes });
    },
  };
}

interface Brought extends Pick<Bringing, 'destination' | 'way'>, Sending {
  /** What was proved by this way before. */
  readonly before: ReadonlyMap<string, unknown> | undefined;
}

function viaWay(judged: readonly Judged[], { destination, way, assurance, sent, before }: Brought): KnownVia {
  return {
    via: way.route.route.target,
    isProvable: assurance !== 'unprovable',
    isFirst: way === destination.ways[0],
    isNews: judged.some(({ instance }) => sent.has(instance.id)),
    hasNewProof: judged.some(
      ({ instance, judgement }) => judgement.is === 'proved' && before?.has(instance.id) !== true,
    ),
    judged,
  };
}

function provedElsewhere(
  { key, instances }: OutgoingUnit,
  { destination: { ways, verify }, way }: Pick<Bringing, 'destination' | 'way'>,
): KnownVia[] {
  return ways
    .filter((other) => other !== way)
    .map((other) => {
      const { route, memory } = other;
      const proved = provedIn(readMemory(memory, key), verify);
      const judged = instances.flatMap((instance) => {
        const proof = proved.get(instance.id);
        return proof !== undefined && isProved(instance, proof)
          ? [{ instance, judgement: { is: 'proved' as const, proof: proof.proof } }]
          : [];
      });
      const isFirst = other === ways[0];
      return {
        via: route.route.target,
        isProvable: true,
        isFirst,
        isNews: false,
        hasNewProof: false,
        judged,
      };
    })
    .filter(({ judged }) => judged.length > 0);
}
