import { type Failure, asFailure, transientFailure } from '@orthanc-tools/failures';
import { acquit } from '@orthanc-tools/orthanc-client';
import { askAgainMs } from './answer-for-deletion.ts';
import { answers } from './choose-way.ts';
import type { Recorded, UnitsContext } from './delete-units.ts';
import type { Silence } from './deletion-waits.ts';
import { doubtShared } from './doubt-shared.ts';
import type { OpenDestination } from './open-destination.ts';
import type { Outgoing } from './open-route.ts';
import { type HeldUnits, proveAgain } from './prove-again.ts';
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

/** Asks about all of them at once; unit by unit where that fails, as long as the destination answers. */
async function unconfirmedAt(
  destination: OpenDestination,
  asked: readonly Outgoing[],
  confirmation: Confirmation,
): Promise<readonly string[]> {
  const units = Map.groupBy(asked, (instance) => unitOf(instance, confirmation.level));
  if (units.size === 0) return [];
  const together = await askAbout(units, destination, confirmation);
  if (!('failure' in together)) return [...together.missing];
  const unconfirmed: string[] = [];
  for (const [key, members] of units) {
    const answer =
      units.size === 1 ? together : await askAbout(new Map([[key, members]]), destination, confirmation);
    if ('failure' in answer) confirmation.postponed.set(key, answer);
    unconfirmed.push(...('failure' in answer ? members.map(({ id }) => id) : answer.missing));
  }
  return unconfirmed;
}

type Answer = Silence | { readonly missing: ReadonlySet<string> };

/** Not at all while the destination is known to be away. */
async function askAbout(
  units: HeldUnits,
  destination: OpenDestination,
  { destinations, waits, hand, suspects, log }: Confirmation,
): Promise<Answer> {
  const silence = waits.silenceOf(destination.name);
  if (silence !== undefined) return silence;
  const since = performance.now();
  try {
    const missing = await proveAgain(units, { destination, signal: hand.signal, log });
    waits.isOver(destination.name);
    return { missing };
  } catch (error) {
    const told = asFailure(error);
    if (told === undefined) throw error;
    // Most destinations are asked through the inbox: while that is away, nothing is known of them.
    await acquit(told, suspects, since);
    if (told.kind === 'configuration' && destinations.length === 1) throw error;
    const failure = await ofDestination(told, destination, hand.signal);
    waits.note(destination.name, failure);
    return waits.silenceOf(destination.name) ?? { failure, askAgainInMs: askAgainMs };
  }
}

/** A destination that does not answer at all is away, whatever the question was. */
async function ofDestination(
  failure: Failure,
  { ways }: OpenDestination,
  signal: AbortSignal,
): Promise<Failure> {
  if (failure.scope === 'run') return failure;
  const areUp = await Promise.all(ways.map(({ route }) => answers(() => route.probe(signal))));
  if (areUp.every(Boolean)) return failure;
  const { code, message, facts } = failure;
  return transientFailure(code, message, { facts, cause: failure, scope: 'run' });
}
