import type { Failure } from '@orthanc-tools/failures';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Achievement, Hand, Rescheduled, SoFar } from './hand.ts';
import type { LoopState } from './loop-state.ts';

/** So many bytes cost about as much as one more part. */
const bytesPerUnit = 131_072;

const unitsOf = ({ parts, bytes }: { parts: number; bytes: number }): number => parts + bytes / bytesPerUnit;

/** A hand, and the claims that it has not answered yet. */
export function holdHand(state: LoopState, claims: readonly Claim[], signal: AbortSignal) {
  const { ledger, concurrency } = state;
  const open = new Set(claims);
  const known = new Set<Claim>();
  const epoch = state.pause.epoch;
  let hasObserved = false;

  function answer(claim: Claim, write: () => void): void {
    if (!open.delete(claim))
      throw new Error(`The claim on ${claim.key} is not in this hand, or was answered before.`);
    state.writing(write);
  }
  function record(achieved: { parts: number; bytes: number }, isOverload: boolean): void {
    concurrency.record({ units: unitsOf(achieved), isOverload });
    const before = concurrency.limit;
    concurrency.adjust(state.now());
    if (concurrency.limit > before) state.woken.ring();
  }
  function observe({ claim, overloaded = false, ...achieved }: Achievement): void {
    if (achieved.parts === 0 && achieved.bytes === 0 && !overloaded) return;
    hasObserved = true;
    record(achieved, overloaded);
    if (!overloaded) state.isAlive(epoch);
    const progressed = claim ?? (claims.length === 1 ? claims[0] : undefined);
    // Once is enough until the claim is answered.
    if (achieved.parts > 0 && progressed && open.has(progressed) && !known.has(progressed)) {
      known.add(progressed);
      state.writing(() => {
        ledger.progress(progressed);
      });
    }
  }
  function judge(claim: Claim, failure: Failure, soFar: SoFar): Rescheduled {
    // Whoever says that it has not is believed: what was sent in vain is no progress.
    const { hasProgressed = known.has(claim), yieldsForMs, ...toldSoFar } = soFar;
    if (failure.scope === 'run') {
      answer(claim, () => {
        if (hasProgressed) ledger.progress(claim);
        if (yieldsForMs === undefined) ledger.release(claim);
        else state.yield(claim, failure, yieldsForMs);
      });
      state.faultOfRun(failure, epoch);
      return 'released';
    }
    state.isAlive(epoch);
    const isPassing = failure.kind === 'transient' || failure.kind === 'ambiguous';
    // What has progressed waits for something else than a server that has too much to do.
    if (isPassing && !hasObserved && !hasProgressed) record({ parts: 0, bytes: 0 }, true);
    const isLater = isPassing && (hasProgressed || claim.attempt < state.maxAttempts);
    answer(claim, () => {
      if (isLater) state.postpone(claim, failure, hasProgressed);
      else state.setAside(claim, { ...toldSoFar, code: failure.code, message: failure.message });
    });
    return isLater ? 'later' : 'set aside';
  }
  const hand: Hand = {
    signal,
    observe,
    settle(claim, settlement) {
      if (!hasObserved) record(settlement, false);
      state.isAlive(epoch);
      answer(claim, () => {
        ledger.settle(claim, settlement);
        state.counts[(settlement.exceptions?.length ?? 0) > 0 ? 'setAside' : 'settled'] += 1;
      });
    },
    reschedule: (claim, failure, soFar = {}) => judge(claim, failure, soFar),
    setAside: (claim, refusal) => {
      answer(claim, () => {
        ledger.setAside(claim, refusal);
        state.counts.setAside += 1;
      });
    },
    release: (claim) => {
      answer(claim, () => {
        ledger.release(claim);
      });
    },
  };
  return { hand, open: open as ReadonlySet<Claim> };
}
