import { transientFailure } from '@orthanc-tools/failures';
import type { Claim, PartException } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import type { Judged } from './forward-units.ts';
import type { OpenDestination } from './open-destination.ts';
import { proofs } from './proof-strength.ts';
import type { ServeContext } from './serve-destination.ts';
import { readMemory, rememberInstances } from './unit-memory.ts';
import { tellStep } from './unit-steps.ts';

/** What is known of instances that took one way. */
export interface KnownVia {
  /** Alias or address. */
  readonly via: string;
  /** Whether what is proved of them is enough to delete them here. */
  readonly isProvable: boolean;
  readonly judged: readonly Judged[];
}

interface Conclusion extends ServeContext {
  readonly hand: Hand;
}

const messages = {
  conflict: ['CONTENT_CONFLICT', 'The destination holds other content under the same identifiers.'],
  'held before': [
    'HELD_BEFORE',
    'The destination held these identifiers before; that it holds this content cannot be proved. Kept.',
  ],
} as const;

/** Whether something of a unit may be deleted, as far as one destination is concerned. */
export const isDeletable = (known: readonly KnownVia[]): boolean =>
  known.some((way) => way.isProvable && provedIn(way.judged).length > 0);

/** Answers for a unit by what is known of each of its instances. */
export function concludeUnit(claim: Claim, known: readonly KnownVia[], conclusion: Conclusion): void {
  const judged = known.flatMap((way) => way.judged);
  const { hand, destination, transfers, log } = conclusion;
  const of = (is: Judged['judgement']['is']) => judged.filter(({ judgement }) => judgement.is === is);
  const proved = provedIn(judged);
  const lost = of('lost');
  if (lost.length > 0) {
    const message = 'The destination has accepted instances, and does not have them.';
    const facts = { destination: destination.name, instances: lost.length };
    const became = hand.reschedule(claim, transientFailure('NOT_AT_DESTINATION', message, { facts }));
    if (became === 'set aside') sendAnew(claim.key, lost, destination);
    return;
  }
  const exceptions: PartException[] = (['conflict', 'held before'] as const).flatMap((is) =>
    of(is).map(({ instance }) => ({ part: instance.id, code: messages[is][0], message: messages[is][1] })),
  );
  tellStep(log, 'answer for the sending', { unit: claim.key });
  const isUnproved = of('unproved').length > 0;
  const settled = isUnproved ? of('unproved') : proved;
  hand.settle(claim, {
    outcome: judged.length === 0 ? 'vanished' : isUnproved ? 'sent-unproved' : 'forwarded',
    proof: weakestOf(proved),
    parts: settled.length,
    bytes: settled.reduce((sum, { instance }) => sum + instance.size, 0),
    exceptions,
  });
  for (const { via, judged: taken } of known) {
    const provedThere = provedIn(taken);
    if (taken.every(({ judgement: { is } }) => is !== 'proved' && is !== 'unproved')) continue;
    transfers.sent({
      unit: claim.key,
      destination: destination.name,
      via,
      proved: provedThere.length,
      unproved: taken.length - provedThere.length,
      proof: weakestOf(provedThere),
      attempt: claim.attempt,
    });
  }
}

/** Whoever has it tried again wants it sent, and not only looked for once more. */
function sendAnew(key: string, lost: readonly Judged[], { ways }: Pick<OpenDestination, 'ways'>): void {
  const ids = new Set(lost.map(({ instance }) => instance.id));
  for (const { memory } of ways) {
    const known = [...readMemory(memory, key).instances].filter(([id, { isSent }]) => isSent && ids.has(id));
    const unsent = known.map(([id, instance]) => [id, { ...instance, isSent: false }] as const);
    rememberInstances(memory, [[key, unsent]]);
  }
}

const provedIn = (judged: readonly Judged[]) => judged.filter(({ judgement }) => judgement.is === 'proved');

/** What can be said of all of them. */
function weakestOf(proved: readonly Judged[]): string {
  const given = new Set(proved.map(({ judgement }) => (judgement.is === 'proved' ? judgement.proof : '')));
  return proofs.find((proof) => given.has(proof)) ?? '';
}
