import { transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { Claim, WorkLedger } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { readArrivalFacts } from './arrival-facts.ts';
import type { SeriesFilter } from './destination.ts';
import { judgeReadiness } from './judge-readiness.ts';
import { listUnits } from './list-units.ts';
import type { OpenDestination } from './open-destination.ts';
import { type KnownSeries, readSeriesFacts } from './read-series-facts.ts';
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
  const complete = await completeAmong(claims, hand, context);
  const series = await readSeriesFacts(
    context.inbox,
    [...new Set(complete.flatMap(({ seriesIds }) => seriesIds))],
    hand.signal,
  );
  for (const { claim, seriesIds } of complete) {
    const facts = new Map([...series].filter(([id]) => seriesIds.includes(id)));
    admit(claim, facts, { ...context, hand });
  }
}

interface Complete {
  readonly claim: Claim;
  readonly seriesIds: readonly string[];
}

/** Answers itself for those that may not go. */
async function completeAmong(
  claims: readonly Claim[],
  hand: Hand,
  { inbox, level, quietMs, clock, ledger }: AdmitContext,
): Promise<Complete[]> {
  const { signal } = hand;
  const keys = claims.map(({ key }) => key);
  if (level === 'instance') {
    const listed = await listUnits(inbox, { level, keys }, signal);
    return claims.map((claim) => ({
      claim,
      seriesIds: (listed.get(claim.key) ?? []).map(({ seriesId }) => seriesId),
    }));
  }
  const arrivals = await readArrivalFacts(inbox, { level, keys, ledger, clock, signal });
  return claims.flatMap((claim) => {
    const facts = arrivals.get(claim.key);
    if (facts === undefined) return [{ claim, seriesIds: [] }];
    const readiness = judgeReadiness(facts, { now: clock.now().getTime(), quietMs });
    if (readiness.is === 'ready') return [{ claim, seriesIds: facts.seriesIds }];
    const waiting = transientFailure('STILL_ARRIVING', 'Something may still be arriving.', {
      retryAfterMs: readiness.againInMs,
    });
    hand.reschedule(claim, waiting, { hasProgressed: true });
    return [];
  });
}

const vanished = { outcome: 'vanished', proof: '', parts: 0, bytes: 0 } as const;

function admit(
  claim: Claim,
  facts: ReadonlyMap<string, KnownSeries>,
  { level, ledger, destinations, urgent, log, hand }: AdmitContext & { readonly hand: Hand },
): void {
  if (facts.size === 0) {
    hand.settle(claim, vanished);
    return;
  }
  const { key } = claim;
  const routing = rememberRouting(ledger, key, routeSeries(facts, destinations));
  const wanting = new Set([...routing.values()].flat());
  const countIn = (isCounted: (seriesId: string) => boolean) =>
    [...facts].reduce((sum, [id, { instances }]) => sum + (isCounted(id) ? instances : 0), 0);
  const isWanted = (seriesId: string) => (routing.get(seriesId) ?? []).length > 0;
  const [parts, unwanted] =
    level === 'instance'
      ? [1, [...facts.keys()].every(isWanted) ? 0 : 1]
      : [countIn(() => true), countIn((id) => !isWanted(id))];
  const isUrgent = urgent !== undefined && [...facts.values()].some((series) => wantsSeries(urgent, series));
  tellStep(log, 'hand over', { unit: key });
  for (const destination of destinations)
    if (wanting.has(destination.name)) destination.take(key, { isUrgent });
  tellStep(log, 'answer for admission', { unit: key });
  if (unwanted > 0)
    log.warn('unit.unwanted', { unit: key, instances: unwanted, of: parts, consequence: 'kept' });
  const outcome = unwanted === 0 ? 'handed-over' : wanting.size === 0 ? 'unwanted' : 'handed-over-in-part';
  // How many bytes they are is told by who sends them.
  hand.settle(claim, { outcome, proof: '', parts, bytes: 0 });
}
