import { type Failure, transientFailure } from '@orthanc-tools/failures';
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
  /** It is the first way, and not the alternate. */
  readonly isFirst: boolean;
  /** Something of it was sent just now. */
  readonly isNews: boolean;
  /** Something of it was proved just now. */
  readonly hasNewProof: boolean;
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

/** The first way may prove what the alternate cannot, and is asked for it once it is back. */
const unprovedByAlternate = (retryAfterMs: number): Failure =>
  transientFailure(
    'UNPROVED_BY_ALTERNATE',
    'The alternate has taken it, and gives no proof: it is sent by the first way once that is back.',
    { retryAfterMs },
  );

/**
 * Some destinations take in what they have accepted only hours later: it is looked for ever more rarely. For a run that is to
 * end somebody waits.
 */
export const lookAgainMs = (attempt: number, isFollowing: boolean): number =>
  Math.min(1000 * 2 ** (attempt - 1), isFollowing ? 3_600_000 : 60_000);

/** Whether something of a unit may be deleted, as far as one destination is concerned. */
export const isDeletable = (known: readonly KnownVia[]): boolean =>
  known.some((way) => way.isProvable && provedIn(way.judged).length > 0);

/** Answers for a unit by what is known of each of its instances. */
export function concludeUnit(claim: Claim, known: readonly KnownVia[], conclusion: Conclusion): void {
  const judged = known.flatMap((way) => way.judged);
  const lost = judged.filter(({ judgement }) => judgement.is === 'lost');
  if (lost.length > 0) {
    lookAgain(claim, lost, conclusion);
    return;
  }
  tellStep(conclusion.log, 'answer for the sending', { unit: claim.key });
  if (known.some((way) => !way.isFirst && unprovedIn(way.judged).length > 0)) {
    awaitFirstWay(claim, conclusion);
    tellTransfers(
      claim,
      known.filter(({ isNews }) => isNews),
      conclusion,
    );
    return;
  }
  answerFor(claim, judged, conclusion);
  tellTransfers(claim, known, conclusion);
}

/** Of what was accepted, and is not there yet. */
function lookAgain(
  claim: Claim,
  lost: readonly Judged[],
  { hand, destination, isFollowing }: Conclusion,
): void {
  const message = 'The destination has accepted instances, and does not have them.';
  const facts = { destination: destination.name, instances: lost.length };
  const retryAfterMs = lookAgainMs(claim.attempt, isFollowing);
  const failure = transientFailure('NOT_AT_DESTINATION', message, { facts, retryAfterMs });
  const became = hand.reschedule(claim, failure);
  if (became === 'set aside') sendAnew(claim.key, lost, destination);
}

function awaitFirstWay(claim: Claim, { hand, destination }: Conclusion): void {
  const pauseMs = destination.firstWayAwaited.pauseMs(claim.key);
  hand.reschedule(claim, unprovedByAlternate(pauseMs), { hasProgressed: true });
}

function answerFor(claim: Claim, judged: readonly Judged[], { hand }: Conclusion): void {
  const [proved, unproved] = [provedIn(judged), unprovedIn(judged)];
  const isUnproved = unproved.length > 0;
  const settled = isUnproved ? unproved : proved;
  const achieved = { parts: settled.length, bytes: bytesOf(settled), exceptions: exceptionsIn(judged) };
  const passing = passingIn(judged);
  if (passing !== undefined) {
    hand.reschedule(claim, passing, achieved);
    return;
  }
  const outcome = judged.length === 0 ? 'vanished' : isUnproved ? 'sent-unproved' : 'forwarded';
  hand.settle(claim, { outcome, proof: weakestOf(proved), ...achieved });
}

function tellTransfers(
  claim: Claim,
  known: readonly KnownVia[],
  { destination, transfers }: Pick<Conclusion, 'destination' | 'transfers'>,
): void {
  for (const { via, judged: taken } of known) {
    const provedThere = provedIn(taken);
    const sent = taken.filter(({ judgement: { is } }) => is !== 'refused');
    if (sent.every(({ judgement: { is } }) => is !== 'proved' && is !== 'unproved')) continue;
    transfers.sent({
      unit: claim.key,
      destination: destination.name,
      via,
      proved: provedThere.length,
      unproved: sent.length - provedThere.length,
      proof: weakestOf(provedThere),
      attempt: claim.attempt,
    });
  }
}

/** Of what is to stay here until somebody acts, or what is refused is taken after all. */
function exceptionsIn(judged: readonly Judged[]): PartException[] {
  return judged.flatMap(({ instance: { id: part }, judgement }) => {
    if (judgement.is === 'refused') {
      const { code, message } = judgement.failure;
      return [{ part, code, message }];
    }
    if (judgement.is !== 'conflict' && judgement.is !== 'held before') return [];
    const [code, message] = messages[judgement.is];
    return [{ part, code, message }];
  });
}

/** Why some are refused, where that may pass. */
const passingIn = (judged: readonly Judged[]): Failure | undefined =>
  judged
    .flatMap(({ judgement }) => (judgement.is === 'refused' ? [judgement.failure] : []))
    .find(({ kind }) => kind !== 'permanent');

const bytesOf = (judged: readonly Judged[]): number =>
  judged.reduce((sum, { instance }) => sum + instance.size, 0);

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

const unprovedIn = (judged: readonly Judged[]) =>
  judged.filter(({ judgement }) => judgement.is === 'unproved');

/** What can be said of all of them. */
function weakestOf(proved: readonly Judged[]): string {
  const given = new Set(proved.map(({ judgement }) => (judgement.is === 'proved' ? judgement.proof : '')));
  return proofs.find((proof) => given.has(proof)) ?? '';
}
