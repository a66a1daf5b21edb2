import { type Failure, asFailure, transientFailure } from '@orthanc-tools/failures';
import { acquit } from '@orthanc-tools/orthanc-client';
import { askAgainMs } from './answer-for-deletion.ts';
import { answers } from './choose-way.ts';
import type { Recorded, UnitsContext } from './delete-units.ts';
import type { Silence } from './deletion-waits.ts';
import { doubtShared } from './doubt-shared.ts';
import type { OpenDestination, OpenWay } from './open-destination.ts';
import type { Outgoing } from './open-route.ts';
import { type HeldUnits, bringAgain, heldBy, proveAgain } from './prove-again.ts';
import { wantedBy } from './routing.ts';
import { tellStep } from './unit-steps.ts';
import { unitOf } from './unit.ts';

interface Confirmation extends UnitsContext {
  readonly units: ReadonlyMap<string, Recorded>;
  /** Is told of the units about which a destination could not be asked, and why. */
  readonly postponed: Map<string, Silence>;
}

/** What every destination still says it has, right now; what one does not have any more is sent there again. */
export async function confirmDeletion(
  instances: readonly Outgoing[],
  confirmation: Confirmation,
): Promise<ReadonlySet<string>> {
  const { inbox, destinations, units, level, log, hand } = confirmation;
  tellStep(log, 'confirm', { instances: instances.length });
  const confirmed = new Set(instances.map(({ id }) => id));
  for (const destination of destinations) {
    const asked = instances.filter((instance) => {
      const unit = units.get(unitOf(instance, level));
      const wanted = unit && wantedBy(unit.wanted, instance);
      return confirmed.has(instance.id) && wanted?.includes(destination.name);
    });
    for (const id of await unconfirmedAt(destination, asked, confirmation)) confirmed.delete(id);
    const left = asked.filter(({ id }) => confirmed.has(id));
    const doubted = await doubtShared(left, { inbox, level, destination, signal: hand.signal });
    for (const id of doubted) confirmed.delete(id);
  }
  return confirmed;
}

/**
 * Asks each way about what was proved by it: one that is away must not hold up what the other has proved. What no way could
 * be asked about is postponed; what none has any more is brought there again.
 */
async function unconfirmedAt(
  destination: OpenDestination,
  asked: readonly Outgoing[],
  confirmation: Confirmation,
): Promise<readonly string[]> {
  const { level, log, postponed } = confirmation;
  const there = new Set<string>();
  const silent = new Map<string, Silence>();
  const openUnits = () =>
    Map.groupBy(
      asked.filter(({ id }) => !there.has(id)),
      (instance) => unitOf(instance, level),
    );
  for (const way of destination.ways) {
    const units = heldBy(way, openUnits(), destination);
    for (const [key, answer] of await answersOf(way, units, { destination, confirmation }))
      for (const { id } of units.get(key) ?? [])
        if ('failure' in answer) silent.set(id, answer);
        else if (answer.there.has(id)) there.add(id);
  }
  const missing = new Map<string, readonly Outgoing[]>();
  for (const [key, instances] of openUnits()) {
    missing.set(
      key,
      instances.filter(({ id }) => !silent.has(id)),
    );
    const why = instances.map(({ id }) => silent.get(id)).find((silence) => silence !== undefined);
    if (why !== undefined) postponed.set(key, why);
  }
  bringAgain(missing, { destination, log });
  return asked.map(({ id }) => id).filter((id) => !there.has(id));
}

interface Asked {
  readonly destination: OpenDestination;
  readonly confirmation: Confirmation;
}

type Answer = Silence | { readonly there: ReadonlySet<string> };

/** Asks about all of them at once; unit by unit where that fails, as long as the way answers. */
async function answersOf(way: OpenWay, units: HeldUnits, asked: Asked): Promise<ReadonlyMap<string, Answer>> {
  if (units.size === 0) return new Map();
  const together = await askAbout(way, units, asked);
  const answers = new Map<string, Answer>();
  for (const [key, members] of units)
    answers.set(
      key,
      'failure' in together && units.size > 1
        ? await askAbout(way, new Map([[key, members]]), asked)
        : together,
    );
  return answers;
}

/** Not at all while the way is known to be away. */
async function askAbout(
  way: OpenWay,
  units: HeldUnits,
  { destination, confirmation }: Asked,
): Promise<Answer> {
  const { destinations, waits, hand, suspects } = confirmation;
  const { target: via, mode } = way.route.route;
  const asked = { destination: destination.name, via, mode };
  const silence = waits.silenceOf(asked);
  if (silence !== undefined) return silence;
  const since = performance.now();
  try {
    const there = await proveAgain(way, units, { destination, signal: hand.signal });
    waits.isOver(asked);
    return { there };
  } catch (error) {
    const told = asFailure(error);
    if (told === undefined) throw error;
    // Most destinations are asked through the inbox: while that is away, nothing is known of them.
    await acquit(told, suspects, since);
    if (told.kind === 'configuration' && destinations.length === 1) throw error;
    const failure = await ofWay(told, way, hand.signal);
    waits.note(asked, failure);
    return waits.silenceOf(asked) ?? { failure, askAgainInMs: askAgainMs };
  }
}

/** A way that does not answer at all is away, whatever the question was. */
async function ofWay(failure: Failure, { route }: OpenWay, signal: AbortSignal): Promise<Failure> {
  if (failure.scope === 'run' || (await answers(() => route.probe(signal)))) return failure;
  const { code, message, facts } = failure;
  return transientFailure(code, message, { facts, cause: failure, scope: 'run' });
}
