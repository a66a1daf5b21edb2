import { describe, expect, it } from '@jest/globals';
import { aMomentMs, caughtUpTeller } from './tell-caught-up.ts';

/** A ledger and a clock that stand where the test puts them. */
function watched() {
  const [told, at] = [[] as unknown[], { now: 0, waiting: 0, inHand: 0, change: 7 }];
  const look = caughtUpTeller({
    ledger: {
      cursor: () => String(at.change),
      tally: () => ({
        ...{ waiting: at.waiting, inHand: at.inHand, done: 1, setAside: 2, parts: 0, bytes: 0 },
        ...{ exceptionParts: 0, byOutcome: {}, byProof: {}, byCode: {} },
      }),
    },
    clock: { now: () => new Date(at.now), sleep: () => Promise.resolve() },
    log: { info: (event: string, facts: unknown) => told.push([event, facts]) } as never,
  });
  return { at, told, look: (askedAt = at.now) => look(askedAt) };
}

const caughtUp = (change: number) => ['source.caught_up', { change, setAside: 2, next: 'following' }];

describe('that the copy has caught up', () => {
  it('is said once, when nothing waits and nothing is in hand', () => {
    const { at, told, look } = watched();
    at.waiting = 1;
    look();
    Object.assign(at, { waiting: 0, inHand: 1 });
    look();
    expect(told).toEqual([]);
    at.inHand = 0;
    look();
    look();
    expect(told).toEqual([caughtUp(7)]);
  });

  it('is not said again after a change that was copied within a moment', () => {
    const { at, told, look } = watched();
    look();
    Object.assign(at, { waiting: 1, change: 8 });
    look();
    Object.assign(at, { waiting: 0, now: aMomentMs - 1 });
    look();
    expect(told).toEqual([caughtUp(7)]);
  });

  it('is said again when work had been left for longer', () => {
    const { at, told, look } = watched();
    look();
    Object.assign(at, { waiting: 1, change: 9 });
    look();
    Object.assign(at, { waiting: 0, now: aMomentMs });
    look();
    look();
    expect(told).toEqual([caughtUp(7), caughtUp(9)]);
  });

  it('is said again when the source had been away for longer', () => {
    const { at, told, look } = watched();
    look();
    at.now = aMomentMs;
    look(0);
    expect(told).toEqual([caughtUp(7), caughtUp(7)]);
  });
});
