import { transientFailure } from '@orthanc-tools/failures';
import type { Claim, PartException } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import type { Judged } from './forward-units.ts';
import type { Assurance } from './open-destination.ts';
import type { OpenRoute } from './open-route.ts';
import type { ServeContext } from './serve-destination.ts';

interface Conclusion extends ServeContext {
  readonly hand: Hand;
  readonly way: OpenRoute;
  readonly assurance: Assurance;
}

const messages = {
  conflict: ['CONTENT_CONFLICT', 'The destination holds other content under the same identifiers.'],
  'held before': [
    'HELD_BEFORE',
    'The destination held these identifiers before; that it holds this content cannot be proved. Kept.',
  ],
} as const;

/** Answers for a unit by what is known of each of its instances. */
export function concludeUnit(claim: Claim, judged: readonly Judged[], conclusion: Conclusion): void {
  const { hand, way, assurance, destination, transfers, onProved } = conclusion;
  const of = (is: Judged['judgement']['is']) => judged.filter(({ judgement }) => judgement.is === is);
  const proved = of('proved');
  if (proved.length > 0 && assurance !== 'unprovable') onProved(claim.key);
  const lost = of('lost');
  if (lost.length > 0) {
    const message = 'The destination has accepted instances, and does not have them.';
    const facts = { destination: destination.name, instances: lost.length };
    hand.reschedule(claim, transientFailure('NOT_AT_DESTINATION', message, { facts }));
    return;
  }
  const exceptions: PartException[] = (['conflict', 'held before'] as const).flatMap((is) =>
    of(is).map(({ instance }) => ({ part: instance.id, code: messages[is][0], message: messages[is][1] })),
  );
  const isUnproved = of('unproved').length > 0;
  const settled = isUnproved ? of('unproved') : proved;
  hand.settle(claim, {
    outcome: judged.length === 0 ? 'vanished' : isUnproved ? 'sent-unproved' : 'forwarded',
    proof: weakestOf(proved),
    parts: settled.length,
    bytes: settled.reduce((sum, { instance }) => sum + instance.size, 0),
    exceptions,
  });
  transfers.sent({
    unit: claim.key,
    destination: destination.name,
    via: way.route.target,
    proved: proved.length,
    unproved: judged.length - proved.length,
    proof: weakestOf(proved),
    attempt: claim.attempt,
  });
}

const strengths = ['none', 'count', 'image', 'id', 'id+md5'];

/** What can be said of all of them. */
function weakestOf(proved: readonly Judged[]): string {
  const proofs = new Set(proved.map(({ judgement }) => (judgement.is === 'proved' ? judgement.proof : '')));
  return strengths.find((proof) => proofs.has(proof)) ?? '';
}
