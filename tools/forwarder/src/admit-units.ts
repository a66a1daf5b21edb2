import { transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { Claim, WorkLedger } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { readArrivalFacts } from './arrival-facts.ts';
import type { SeriesFilter } from './destination.ts';
import { judgeReadiness } from './judge-readiness.ts';
import { listUnits } from './list-units.ts';
import type { Outgoing } from './open-route.ts';
import type { OpenDestination } from './open-destination.ts';
import { readSeriesFacts } from './read-series-facts.ts';
import { rememberRouting, routeSeries } from './routing.ts';
import { tellStep } from './unit-steps.ts';
import type { UnitLevel } from './unit.ts';
import { wantsSeries } from './wants-series.ts';

export interface AdmitContext extends Pick<RunContext, 'log' | 'clock'> {
  readonly inbox: Orthanc;
  readonly ledger: WorkLedger;
  readonly level: UnitLevel;
  readonly quietMs: number;
  readonly destinations: readonly OpenDestination[];
  /** What is sent first, whatever the priority of its destination. */
  readonly urgent: SeriesFilter | undefined;
}

/** Lets units go that are complete: decides who is to have them, and hands them over. */
export async function admitUnits(claims: readonly Claim[], hand: Hand, context: AdmitContext): Promise<void> {
  tellStep(context.log, 'admit', { units: claims.length });
  const complete: Claim[] = [];
  for (const claim of claims) if (await isComplete(claim, hand, context)) complete.push(claim);
  const keys = complete.map(({ key }) => key);
  const listed = await listUnits(context.inbox, { level: context.level, keys }, hand.signal);
  for (const claim of complete) await admit(claim, listed.get(claim.key) ?? [], { ...context, hand });
}

/** Answers for the claim itself unless the unit may go. */
async function isComplete(claim: Claim, hand: Hand, context: AdmitContext): Promise<boolean> {
  const { inbox, level, quietMs, clock, ledger } = context;
  if (level === 'instance') return true;
  const { signal } = hand;
  const facts = await readArrivalFacts(inbox, { level, key: claim.key, ledger, clock, signal });
  if (facts === undefined) {
    hand.settle(claim, vanished);
    return false;
  }
  const readiness = judgeReadiness(facts, { now: clock.now().getTime(), quietMs });
  if (readiness.is === 'ready') return true;
  const waiting = transientFailure('STILL_ARRIVING', 'Something may still be arriving.', {
    retryAfterMs: readiness.againInMs,
  });
  hand.reschedule(claim, waiting, { hasProgressed: true });
  return false;
}

const vanished = { outcome: 'vanished', proof: '', parts: 0, bytes: 0 } as const;

async function admit(
  claim: Claim,
  instances: readonly Outgoing[],
  { inbox, ledger, destinations, urgent, log, hand }: AdmitContext & { readonly hand: Hand },
): Promise<void> {
  if (instances.length === 0) {
    hand.settle(claim, vanished);
    return;
  }
  const { key } = claim;
  const facts = await readSeriesFacts(inbox, instances, hand.signal);
  const routing = rememberRouting(ledger, key, routeSeries(facts, destinations));
  const wanting = new Set([...routing.values()].flat());
  const unwanted = instances.filter(({ seriesId }) => (routing.get(seriesId) ?? []).length === 0).length;
  const sizes = { parts: instances.length, bytes: instances.reduce((sum, { size }) => sum + size, 0) };
  const isUrgent = urgent !== undefined && [...facts.values()].some((series) => wantsSeries(urgent, series));
  tellStep(log, 'hand over', { unit: key });
  for (const destination of destinations)
    if (wanting.has(destination.name)) destination.take(key, { isUrgent });
  tellStep(log, 'answer for admission', { unit: key });
  if (unwanted > 0)
    log.warn('unit.unwanted', { unit: key, instances: unwanted, of: instances.length, consequence: 'kept' });
  const outcome = unwanted === 0 ? 'handed-over' : wanting.size === 0 ? 'unwanted' : 'handed-over-in-part';
  hand.settle(claim, { outcome, proof: '', ...sizes });
}
