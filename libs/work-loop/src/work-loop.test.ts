import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  ambiguousFailure,
  configurationError,
  permanentFailure,
  transientFailure,
} from '@orthanc-tools/failures';
import type { WeeklySchedule } from '@orthanc-tools/scheduling';
import { type Claim, type WorkLedger, openLedger } from '@orthanc-tools/work-ledger';
import type { Hand } from './hand.ts';
import type { LoopSettings, WorkLoop } from './loop-settings.ts';
import { type SimulatedClock, simulatedClock } from './simulated-clock.ts';
import { runWorkLoop } from './work-loop.ts';

const folder = mkdtempSync(join(tmpdir(), 'loop-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
let ledgers = 0;

const copied = { outcome: 'copied', proof: 'id', parts: 1, bytes: 100 } as const;
const open: WeeklySchedule = {
  isOpen: () => true,
  nextOpening: (at) => at,
  nextClosing: () => undefined,
  untilOpen: () => Promise.resolve(),
  describe: () => 'always',
};
/** Open in the first ten minutes of each hour. */
const hourly: WeeklySchedule = {
  ...open,
  isOpen: (at) => at.getUTCMinutes() < 10,
  nextOpening: (at) => new Date(Math.ceil(at.getTime() / 3_600_000) * 3_600_000),
  untilOpen: (clock, signal) => clock.sleep(3_600_000 - (clock.now().getTime() % 3_600_000), signal),
};

interface Bench {
  readonly clock: SimulatedClock;
  readonly ledger: WorkLedger;
  readonly events: (readonly [string, Readonly<Record<string, unknown>>])[];
  readonly abort: AbortController;
  readonly place: string;
  begin(perform: LoopSettings['perform'], settings?: Partial<LoopSettings>): WorkLoop;
}

function bench(items: number, place = join(folder, `${String((ledgers += 1))}.sqlite`)): Bench & Disposable {
  const clock = simulatedClock();
  const ledger = openLedger(place, { now: () => clock.now().getTime() });
  ledger.enqueueNew(Array.from({ length: items }, (_, i) => ({ key: `i${String(i).padStart(4, '0')}` })));
  const events: [string, Readonly<Record<string, unknown>>][] = [];
  const abort = new AbortController();
  return {
    clock,
    ledger,
    events,
    abort,
    place,
    begin: (perform, settings = {}) =>
      runWorkLoop({
        ledger,
        clock,
        signal: abort.signal,
        schedule: open,
        concurrency: { ceiling: 8 },
        batchSize: 1,
        maxAttempts: 3,
        perform,
        onEvent: (event, facts) => events.push([event, facts]),
        untilDone: true,
        random: () => 0.5,
        ...settings,
      }),
    [Symbol.dispose]: () => {
      ledger[Symbol.dispose]();
    },
  };
}

const settleAll = (claims: readonly Claim[], hand: Hand): Promise<void> => {
  for (const claim of claims) hand.settle(claim, copied);
  return Promise.resolve();
};
const after =
  ({ clock }: Bench, ms: number) =>
  async (claims: readonly Claim[], hand: Hand): Promise<void> => {
    await clock.sleep(ms, hand.signal);
    await settleAll(claims, hand);
  };

describe('the work loop', () => {
  it('works through all that waits and ends', async () => {
    using b = bench(50);
    const outcome = await b.clock.until(b.begin(after(b, 20)).finished);
    expect(outcome).toEqual({ isInterrupted: false, settled: 50, setAside: 0, rescheduled: 0, abandoned: 0 });
    expect(b.ledger.tally()).toMatchObject({ done: 50, waiting: 0, inHand: 0, parts: 50 });
  });

  it('never runs more at once than the ceiling, and reaches it', async () => {
    using b = bench(400);
    let [now, most] = [0, 0];
    const work = after(b, 50);
    const counting: LoopSettings['perform'] = async (claims, hand) => {
      most = Math.max(most, (now += 1));
      await work(claims, hand);
      now -= 1;
    };
    await b.clock.until(b.begin(counting).finished);
    expect(most).toBe(8);
  });

  it('spreads the last of the work instead of putting it into one batch', async () => {
    using b = bench(8);
    const sizes: number[] = [];
    const work = after(b, 50);
    const sizing: LoopSettings['perform'] = (claims, hand) => {
      sizes.push(claims.length);
      return work(claims, hand);
    };
    await b.clock.until(b.begin(sizing, { batchSize: 100 }).finished);
    expect(sizes).toEqual([2, 2, 2, 2]);
  });

  it.each([
    ['all of it in one turn of so many', 8, [4, 4]],
    ['and only the last of it', 24, [10, 10, 2, 2]],
    ['and nothing of what fills more turns than may run', 100, Array.from({ length: 10 }, () => 10)],
  ])('spreads the last of the work over fewer calls than may run: %s', async (_, items, wanted) => {
    using b = bench(items);
    const sizes: number[] = [];
    const work = after(b, 50);
    const sizing: LoopSettings['perform'] = (claims, hand) => {
      sizes.push(claims.length);
      return work(claims, hand);
    };
    await b.clock.until(b.begin(sizing, { batchSize: 10, spreadOver: 2 }).finished);
    expect(sizes).toEqual(wanted);
  });

  it('claims nothing as long as it is told to hold back', async () => {
    using b = bench(3);
    const since = b.clock.now().getTime();
    const begun: (readonly [number, number])[] = [];
    const noting: LoopSettings['perform'] = (claims, hand) => {
      begun.push([b.clock.now().getTime() - since, claims.length]);
      return settleAll(claims, hand);
    };
    const holdsBackUntil = (now: number) => (now < since + 500 ? since + 500 : undefined);
    const settings = { batchSize: 10, concurrency: { ceiling: 1 }, holdsBackUntil };
    await b.clock.until(b.begin(noting, settings).finished);
    expect(begun).toEqual([[500, 3]]);
  });

  it('waits for new work and is woken by it', async () => {
    using b = bench(0);
    let isFed = false;
    const loop = b.begin(settleAll, { untilDone: () => isFed });
    const feeding = (async () => {
      await b.clock.sleep(60_000);
      b.ledger.enqueue([{ key: 'late' }]);
      loop.wake();
      await b.clock.sleep(60_000);
      isFed = true;
      loop.wake();
    })();
    expect(await b.clock.until(loop.finished)).toMatchObject({ settled: 1 });
    await feeding;
    expect(b.clock.now().getTime()).toBe(new Date('2026-03-02T12:02:00Z').getTime());
  });

  it('waits for an item whose time has not come, and does nothing meanwhile', async () => {
    using b = bench(0);
    b.ledger.enqueue([{ key: 'later', readyAt: b.clock.now().getTime() + 5_000 }]);
    await b.clock.until(b.begin(settleAll).finished);
    expect(b.clock.now().getTime()).toBe(new Date('2026-03-02T12:00:05Z').getTime());
  });
});

describe('a failure of an item', () => {
  it('ends although items wait for a later time, when told so', async () => {
    using b = bench(2);
    b.ledger.enqueueNew([{ key: 'later', readyAt: b.clock.now().getTime() + 60_000 }]);
    const { settled } = await b.clock.until(b.begin(after(b, 20), { leavesDelayed: true }).finished);
    expect([settled, b.ledger.tally().waiting]).toEqual([2, 1]);
  });

  it('lets the item wait in the ledger while the others go on', async () => {
    using b = bench(100);
    const order: string[] = [];
    const failing: LoopSettings['perform'] = async (claims, hand) => {
      await b.clock.sleep(10);
      for (const claim of claims) {
        if (claim.key === 'i0000' && claim.attempt < 3) throw transientFailure('BUSY', 'Busy.');
        order.push(claim.key);
        hand.settle(claim, copied);
      }
    };
    const outcome = await b.clock.until(b.begin(failing).finished);
    expect(outcome).toMatchObject({ settled: 100, rescheduled: 2 });
    expect(order.indexOf('i0000')).toBeGreaterThan(20);
  });

  it('waits as long as it was asked to, with growing time on top', async () => {
    using b = bench(1);
    const tries: number[] = [];
    const failing: LoopSettings['perform'] = (claims, hand) => {
      tries.push(b.clock.now().getTime());
      if (tries.length < 4) throw ambiguousFailure('CUT', 'No answer.', { retryAfterMs: 10_000 });
      return settleAll(claims, hand);
    };
    await b.clock.until(b.begin(failing, { maxAttempts: 9 }).finished);
    expect(tries.slice(1).map((at, i) => at - (tries[i] ?? 0))).toEqual([10_125, 10_250, 10_500]);
  });

  it.each([
    ['when its attempts are used up', transientFailure('BUSY', 'Busy.'), 3],
    ['at once when it would fail again', permanentFailure('NOT_DICOM', 'No.'), 1],
    ['at once when only a person can mend it', configurationError('NO_RULE', 'No.', { scope: 'item' }), 1],
  ])('is set aside %s', async (_when, failure, attempts) => {
    using b = bench(2);
    const failing: LoopSettings['perform'] = (claims, hand) => {
      if (claims[0]?.key === 'i0000') return Promise.reject(failure);
      return settleAll(claims, hand);
    };
    const outcome = await b.clock.until(b.begin(failing).finished);
    expect(outcome).toMatchObject({ settled: 1, setAside: 1 });
    expect(b.ledger.setAsideRows({ limit: 9 })).toMatchObject([
      { key: 'i0000', code: failure.code, attempts },
    ]);
  });

  it('is set aside with what is known of its parts', async () => {
    using b = bench(1);
    const part = { part: 'p', code: 'FILTERED', message: 'Filtered.' };
    const partly: LoopSettings['perform'] = ([claim], hand) => {
      if (claim) {
        const soFar = { parts: 4, bytes: 400, exceptions: [part] };
        const rescheduled = hand.reschedule(claim, transientFailure('BUSY', 'Busy.'), soFar);
        expect(rescheduled).toBe(claim.attempt < 3 ? 'later' : 'set aside');
      }
      return Promise.resolve();
    };
    await b.clock.until(b.begin(partly).finished);
    expect(b.ledger.tally()).toMatchObject({ setAside: 1, parts: 4, bytes: 400, exceptionParts: 1 });
    expect(b.ledger.setAsideRows({ limit: 9 })).toMatchObject([{ code: 'BUSY', parts: [part] }]);
  });

  it('costs no attempt while there is progress', async () => {
    using b = bench(1);
    let tries = 0;
    const slow: LoopSettings['perform'] = (claims, hand) => {
      const [claim] = claims;
      tries += 1;
      if (claim && tries < 10)
        hand.reschedule(claim, transientFailure('CUT', 'Cut.'), { hasProgressed: true });
      else void settleAll(claims, hand);
      return Promise.resolve();
    };
    expect(await b.clock.until(b.begin(slow).finished)).toMatchObject({
      settled: 1,
      setAside: 0,
      rescheduled: 9,
    });
  });

  it('touches only the claims that were not answered yet', async () => {
    using b = bench(3);
    const half: LoopSettings['perform'] = (claims, hand) => {
      const [first] = claims;
      if (first) hand.settle(first, copied);
      return Promise.reject(permanentFailure('ODD', 'Odd.'));
    };
    await b.clock.until(b.begin(half, { batchSize: 3, concurrency: { ceiling: 1 } }).finished);
    expect(b.ledger.tally()).toMatchObject({ done: 1, setAside: 2 });
  });

  it('counts what was sent in vain as no progress where the work says so', async () => {
    using b = bench(1);
    let attempts = 0;
    const inVain: LoopSettings['perform'] = ([claim], hand) => {
      attempts += 1;
      hand.observe({ parts: 1, bytes: 1 });
      if (claim !== undefined)
        hand.reschedule(claim, transientFailure('CUT', 'Cut.'), { hasProgressed: false });
      return Promise.resolve();
    };
    await b.clock.until(b.begin(inVain).finished);
    expect(b.ledger.tally()).toMatchObject({ setAside: 1 });
    expect(attempts).toBeLessThan(20);
  });

  it('is no sign of an overloaded server where there is progress', async () => {
    const timeFor = async (putsOff: boolean): Promise<number> => {
      using b = bench(600);
      const begun = b.clock.now().getTime();
      const seen = new Set<string>();
      const work = after(b, 50);
      const waiting: LoopSettings['perform'] = async (claims, hand) => {
        const [claim] = claims;
        if (!putsOff || claim === undefined || seen.has(claim.key)) return work(claims, hand);
        seen.add(claim.key);
        await b.clock.sleep(50);
        hand.reschedule(claim, transientFailure('STILL_ARRIVING', 'Wait.'), { hasProgressed: true });
      };
      await b.clock.until(b.begin(waiting).finished);
      return b.clock.now().getTime() - begun;
    };
    expect(await timeFor(true)).toBeLessThan(3 * (await timeFor(false)));
  });

  it('keeps most of the throughput when one in fifty is refused', async () => {
    const timeFor = async (refuse: boolean): Promise<number> => {
      using b = bench(1500);
      const begun = b.clock.now().getTime();
      const work = after(b, 50);
      const refusing: LoopSettings['perform'] = async (claims, hand) => {
        await b.clock.sleep(5);
        const isUnlucky = Number(claims[0]?.key.slice(1)) % 50 === 7 && claims[0]?.attempt === 1;
        if (refuse && isUnlucky) throw transientFailure('BUSY', 'Busy.');
        await work(claims, hand);
      };
      await b.clock.until(b.begin(refusing).finished);
      return b.clock.now().getTime() - begun;
    };
    expect(await timeFor(true)).toBeLessThan(1.1 * (await timeFor(false)));
  });
});

describe('a fault of a server', () => {
  const away = transientFailure('UNREACHABLE', 'Refused.', { scope: 'run' });

  it('costs no item an attempt, and is probed by one piece of work at a time', async () => {
    using b = bench(40);
    const back = b.clock.now().getTime() + 20_000;
    const whileAway: number[] = [];
    const attempts = new Set<number>();
    const failing: LoopSettings['perform'] = async (claims, hand) => {
      const now = b.clock.now().getTime();
      if (now < back) whileAway.push(now);
      await b.clock.sleep(5);
      if (now < back) throw away;
      for (const { attempt } of claims) attempts.add(attempt);
      await settleAll(claims, hand);
    };
    const outcome = await b.clock.until(b.begin(failing).finished);
    expect(outcome).toMatchObject({ settled: 40, setAside: 0, rescheduled: 0 });
    expect([...attempts]).toEqual([1]);
    expect(whileAway.length).toBeLessThan(4 + 12);
    expect(b.clock.now().getTime() - back).toBeLessThan(15_000);
    expect(b.events.at(0)).toMatchObject(['tool.paused', { reason: 'UNREACHABLE' }]);
    expect(b.events.at(-1)).toEqual(['tool.resumed', { reason: 'answered' }]);
  });

  it('is probed by one item after the other where they yield, and costs none an attempt', async () => {
    using b = bench(4);
    const tried: [string, number][] = [];
    const away = transientFailure('DESTINATION_FULL', 'full', { scope: 'run' });
    const work = (claims: readonly Claim[], hand: Hand): Promise<void> => {
      for (const claim of claims) {
        tried.push([claim.key, claim.attempt]);
        if (tried.length > 5) hand.settle(claim, copied);
        else hand.reschedule(claim, away, { yieldsForMs: 60_000 });
      }
      return Promise.resolve();
    };
    const settings = { maxAttempts: 1, concurrency: { ceiling: 1 } };
    expect(await b.clock.until(b.begin(work, settings).finished)).toMatchObject({ settled: 4, setAside: 0 });
    expect(tried.slice(0, 4)).toEqual(['i0000', 'i0001', 'i0002', 'i0003'].map((key) => [key, 1]));
    expect(new Set(tried.map(([, attempt]) => attempt))).toEqual(new Set([1]));
  });

  it('takes nothing back of what an item that yields had lost before', async () => {
    using b = bench(1);
    const busy = transientFailure('BUSY', 'Busy.');
    let tries = 0;
    const work = ([claim]: readonly Claim[], hand: Hand): Promise<void> => {
      tries += 1;
      if (claim === undefined) return Promise.resolve();
      if (tries % 2 === 0) hand.reschedule(claim, away, { yieldsForMs: 60_000 });
      else hand.reschedule(claim, busy);
      return Promise.resolve();
    };
    expect(await b.clock.until(b.begin(work).finished)).toMatchObject({ settled: 0, setAside: 1 });
    expect(tries).toBe(5);
  });

  it('is over only for work that began after it', async () => {
    using b = bench(3);
    let isAway = true;
    const work: LoopSettings['perform'] = async (claims, hand) => {
      const isSlow = claims[0]?.key === 'i0000';
      if (isAway && !isSlow) throw away;
      if (isSlow) await b.clock.sleep(50);
      else await b.clock.sleep(1);
      isAway = false;
      await settleAll(claims, hand);
      if (isSlow) expect(b.events.filter(([event]) => event === 'tool.resumed')).toEqual([]);
    };
    expect(await b.clock.until(b.begin(work).finished)).toMatchObject({ settled: 3 });
  });

  it('ends the run when only a person can mend it, after what is in hand', async () => {
    using b = bench(10);
    const refused = configurationError('NOT_AUTHORIZED', 'Wrong password.', { scope: 'run' });
    const work = after(b, 100);
    const failing: LoopSettings['perform'] = async (claims, hand) => {
      if (claims[0]?.key === 'i0002') throw refused;
      await work(claims, hand);
    };
    await expect(b.clock.until(b.begin(failing).finished)).rejects.toBe(refused);
    expect(b.ledger.tally()).toMatchObject({ done: 3, waiting: 7, inHand: 0 });
  });
});

describe('a defect', () => {
  it('ends the run after what is in hand, and its item counts as crashed', async () => {
    const b = bench(10);
    const defect = new TypeError('x is undefined');
    const work = after(b, 100);
    const failing: LoopSettings['perform'] = async (claims, hand) => {
      if (claims[0]?.key === 'i0001') throw defect;
      await work(claims, hand);
    };
    await expect(b.clock.until(b.begin(failing).finished)).rejects.toBe(defect);
    expect(b.ledger.tally()).toMatchObject({ done: 3, waiting: 6, inHand: 1 });
    b[Symbol.dispose]();
    using again = bench(0, b.place);
    expect(again.ledger.claimNext(Date.now(), 1)).toMatchObject([{ key: 'i0001', crashes: 1 }]);
  });

  it('is also work that ends without an answer', async () => {
    using b = bench(1);
    await expect(b.clock.until(b.begin(() => Promise.resolve()).finished)).rejects.toThrow(
      'without an answer for 1',
    );
  });

  it('is also a ledger that cannot be written any more', async () => {
    const b = bench(3);
    const closing: LoopSettings['perform'] = (claims, hand) => {
      b[Symbol.dispose]();
      return settleAll(claims, hand);
    };
    await expect(b.clock.until(b.begin(closing).finished)).rejects.toThrow('not open');
  });
});

describe('stopping', () => {
  it('claims nothing more and finishes what is in hand', async () => {
    using b = bench(100);
    const loop = b.begin(after(b, 1000));
    const stopping = b.clock.sleep(500).then(() => {
      b.abort.abort();
    });
    const outcome = await b.clock.until(loop.finished);
    await stopping;
    expect(outcome).toMatchObject({ isInterrupted: true, settled: 4, abandoned: 0 });
    expect(b.ledger.tally()).toMatchObject({ done: 4, waiting: 96, inHand: 0 });
    expect(b.events).toEqual([['run.draining', { inHand: 4 }]]);
  });

  it('tells work that takes too long to give up, and gives its items back', async () => {
    using b = bench(4);
    const loop = b.begin(async (_claims, hand) => {
      await b.clock.sleep(3_600_000, hand.signal);
      hand.signal.throwIfAborted();
    });
    const stopping = b.clock.sleep(500).then(() => {
      b.abort.abort();
    });
    expect(await b.clock.until(loop.finished)).toMatchObject({
      isInterrupted: true,
      settled: 0,
      abandoned: 0,
    });
    await stopping;
    expect(b.ledger.tally()).toMatchObject({ waiting: 4, inHand: 0 });
    expect(b.ledger.claimNext(b.clock.now().getTime(), 1)).toMatchObject([{ attempt: 1 }]);
    expect(b.clock.now().getTime()).toBe(new Date('2026-03-02T12:00:08.500Z').getTime());
  });

  it('does not wait for work that does not give up', async () => {
    using b = bench(2);
    const loop = b.begin(() => new Promise(() => undefined));
    const stopping = b.clock.sleep(500).then(() => {
      b.abort.abort();
    });
    expect(await b.clock.until(loop.finished)).toMatchObject({ isInterrupted: true, abandoned: 2 });
    await stopping;
  });

  it('ends a pause and a long wait at once', async () => {
    using b = bench(0);
    b.ledger.enqueue([{ key: 'later', readyAt: b.clock.now().getTime() + 3_600_000 }]);
    const loop = b.begin(settleAll, { untilDone: false });
    const stopping = b.clock.sleep(500).then(() => {
      b.abort.abort();
    });
    await b.clock.until(loop.finished);
    await stopping;
    expect(b.clock.now().getTime()).toBe(new Date('2026-03-02T12:00:00.500Z').getTime());
  });
});

describe('running hours', () => {
  it('claims nothing outside them, finishes what is in hand, and goes on at the opening', async () => {
    using b = bench(10);
    const begun: string[] = [];
    const work = after(b, 240_000);
    const loop = b.begin(
      (claims, hand) => {
        begun.push(b.clock.now().toISOString().slice(11, 16));
        return work(claims, hand);
      },
      { schedule: hourly, concurrency: { ceiling: 2 } },
    );
    expect(await b.clock.until(loop.finished)).toMatchObject({ settled: 10 });
    expect(begun).toEqual([
      '12:00',
      '12:00',
      '12:04',
      '12:04',
      '12:08',
      '12:08',
      '13:00',
      '13:00',
      '13:04',
      '13:04',
    ]);
    expect(b.events).toMatchObject([
      ['tool.paused', { reason: 'schedule', opensAt: '2026-03-02T13:00:00.000Z' }],
      ['tool.resumed', { reason: 'schedule' }],
    ]);
  });
});

describe('each turn', () => {
  /** Tells at which ms the loop turned, and within how many it promised to turn again. */
  const turns = (b: Bench) => {
    const start = b.clock.now().getTime();
    const told: (readonly [number, number])[] = [];
    const onTurn = (nextWithinMs: number): void =>
      void told.push([b.clock.now().getTime() - start, nextWithinMs]);
    return { told, onTurn };
  };
  const longestGap = (told: readonly (readonly [number, number])[]): number =>
    Math.max(...told.slice(1).map(([at], index) => at - (told[index]?.[0] ?? 0)));

  it('is told, also while nothing waits, until the end', async () => {
    using b = bench(0);
    b.ledger.enqueue([{ key: 'later', readyAt: b.clock.now().getTime() + 600_000 }]);
    const { told, onTurn } = turns(b);
    await b.clock.until(b.begin(settleAll, { onTurn }).finished);
    expect(told[0]).toEqual([0, 30_000]);
    expect(told.at(-1)).toEqual([600_000, Infinity]);
    expect(longestGap(told)).toBe(30_000);
  });

  it('is told outside the hours, too', async () => {
    using b = bench(3);
    const { told, onTurn } = turns(b);
    const schedule = { ...hourly, isOpen: (at: Date) => at.getUTCHours() > 12 };
    await b.clock.until(b.begin(settleAll, { onTurn, schedule }).finished);
    expect(told.at(-1)).toEqual([3_600_000, Infinity]);
    expect(longestGap(told)).toBe(30_000);
  });

  it('is promised for the end of the work in hand once the signal has come', async () => {
    using b = bench(1);
    const { told, onTurn } = turns(b);
    const loop = b.begin(after(b, 60_000), { onTurn, drainMs: 120_000 });
    const stopping = b.clock.sleep(1_000).then(() => b.abort.abort());
    await b.clock.until(loop.finished);
    await stopping;
    expect(told.slice(-2)).toEqual([
      [1000, 121_500],
      [60_000, Infinity],
    ]);
  });
});

describe('items that took processes down', () => {
  it('are worked alone, and the others after them', async () => {
    const first = bench(3);
    first.ledger.claimNext(0, 1);
    first[Symbol.dispose]();
    for (let crash = 0; crash < 2; crash += 1) {
      using crashing = bench(0, first.place);
      crashing.ledger.claimNext(0, 1);
    }
    using b = bench(0, first.place);
    const work = after(b, 10);
    const seen: string[] = [];
    let now = 0;
    const loop = b.begin(async (claims, hand) => {
      now += 1;
      if (claims[0]?.key === 'i0000') seen.push(`alone: ${String(now === 1)}`);
      else seen.push(claims[0]?.key ?? '');
      await work(claims, hand);
      now -= 1;
    });
    expect(await b.clock.until(loop.finished)).toMatchObject({ settled: 3 });
    expect(seen).toEqual(['alone: true', 'i0001', 'i0002']);
  });

  it('are not suspected for a crash after they had progressed', async () => {
    const b = bench(1);
    const defect = new Error('crash');
    const failing: LoopSettings['perform'] = (_claims, hand) => {
      hand.observe({ parts: 1, bytes: 1 });
      return Promise.reject(defect);
    };
    await expect(b.clock.until(b.begin(failing).finished)).rejects.toBe(defect);
    b[Symbol.dispose]();
    using again = bench(0, b.place);
    expect(again.ledger.claimNext(0, 1)).toMatchObject([{ crashes: 0 }]);
  });
});
