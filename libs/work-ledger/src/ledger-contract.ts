import { describe, expect, it } from '@jest/globals';
import type { Claim, WorkLedger } from './work-ledger.ts';

/** Opens a ledger; the same place gives the same ledger again. `at` is the ledger's clock. */
export type OpenLedger = (place: string, at: { now: number }) => WorkLedger;

const copied = { outcome: 'copied', proof: 'id+md5', parts: 3, bytes: 300 } as const;
const away = { at: 5000, code: 'AWAY', message: 'Does not answer.', hasProgressed: false } as const;
const cut = { part: 'p1', code: 'CUT', message: 'Too short.' } as const;

function one(ledger: WorkLedger, now = 1000): Claim {
  const [claim, ...others] = ledger.claimNext(now, 1);
  if (!claim || others.length > 0) throw new Error('Expected exactly one claim.');
  return claim;
}

const keysOf = (claims: readonly Claim[]): string[] => claims.map(({ key }) => key);

/** What every implementation of the ledger promises. */
export function describeLedgerContract(open: OpenLedger): void {
  let places = 0;
  const newPlace = (): string => `ledger-${String((places += 1))}`;
  const fresh = (at = { now: 1000 }): WorkLedger => open(newPlace(), at);
  /** As a process leaves it that dies: nothing in hand is answered. */
  const dieWith = (place: string, work: (ledger: WorkLedger) => void): void => {
    using ledger = open(place, { now: 1000 });
    work(ledger);
  };

  describe('enqueueing', () => {
    it('hands out by priority, then in the order of arrival', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }, { key: 'b' }, { key: 'urgent', priority: 9 }]);
      expect(keysOf(ledger.claimNext(1000, 10))).toEqual(['urgent', 'a', 'b']);
    });

    it('lets nothing wait for ever: each tenth goes to the oldest of the least priority', () => {
      using ledger = fresh();
      const urgent = Array.from({ length: 30 }, (_, index) => ({
        key: `urgent ${String(index)}`,
        priority: 9,
      }));
      ledger.enqueue([{ key: 'old' }, { key: 'older', priority: -1 }, { key: 'oldest', priority: -1 }]);
      ledger.enqueue(urgent);
      const claimed = Array.from({ length: 20 }, () => one(ledger).key);
      expect(claimed.flatMap((key, index) => (key.startsWith('urgent') ? [] : [[key, index]]))).toEqual([
        ['older', 9],
        ['oldest', 19],
      ]);
    });

    it('tells the priority of what it hands out, and lets what waits go earlier, never later', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }, { key: 'b', priority: 3 }, { key: 'c' }, { key: 'd' }]);
      const [b] = ledger.claimNext(1000, 1);
      expect(b).toMatchObject({ key: 'b', priority: 3 });
      ledger.hasten([
        { key: 'c', priority: 7 },
        { key: 'c', priority: 2 },
        { key: 'b', priority: 5 },
        { key: 'nobody', priority: 5 },
      ]);
      expect(ledger.claimNext(1000, 2)).toMatchObject([
        { key: 'c', priority: 7 },
        { key: 'a', priority: 0 },
      ]);
      if (b) ledger.release(b);
      expect(ledger.claimNext(1000, 2)).toMatchObject([{ key: 'b', priority: 5 }, { key: 'd' }]);
    });

    it('lets what waits for a later time go earlier, never later', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a', readyAt: 9000 }, { key: 'b' }]);
      ledger.hasten([
        { key: 'a', readyAt: 5000 },
        { key: 'b', readyAt: 5000 },
      ]);
      expect(keysOf(ledger.claimNext(1000, 5))).toEqual(['b']);
      expect(ledger.nextReadyAt()).toBe(5000);
      ledger.hasten([{ key: 'a', readyAt: 0 }]);
      expect(ledger.nextReadyAt()).toBe(0);
    });

    it('moves what waits untried to another time, and leaves alone what is tried again', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'retried' }, { key: 'early', readyAt: 5000 }, { key: 'late', readyAt: 9000 }]);
      const [retried] = ledger.claimNext(1000, 1);
      const postponed = { at: 7000, code: 'AWAY', message: '', hasProgressed: true };
      if (retried) ledger.reschedule(retried, postponed);
      const moved = ledger.retime([
        { key: 'retried', readyAt: 1 },
        { key: 'early', readyAt: 8000 },
        { key: 'late', readyAt: 6000 },
        { key: 'nobody', readyAt: 1 },
      ]);
      expect(moved).toBe(2);
      expect(keysOf(ledger.claimNext(6500, 5))).toEqual(['late']);
      expect(keysOf(ledger.claimNext(7500, 5))).toEqual(['retried']);
      expect(keysOf(ledger.claimNext(8500, 5))).toEqual(['early']);
    });

    it('tells page by page what waits', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }, { key: 'b', readyAt: 5000, mark: 'm' }, { key: 'c' }, { key: 'd' }]);
      const [a] = ledger.claimNext(1000, 1);
      if (a) ledger.settle(a, copied);
      expect(ledger.waiting({ limit: 2 })).toEqual([
        { key: 'b', mark: 'm' },
        { key: 'c', mark: '' },
      ]);
      expect(ledger.waiting({ limit: 2, after: 'c' })).toEqual([{ key: 'd', mark: '' }]);
    });

    it('records items and cursor together or not at all', () => {
      using ledger = fresh();
      function* breaking() {
        yield { key: 'a' };
        throw new Error('the feed broke');
      }
      expect(() => ledger.enqueue(breaking(), { name: 'changes', value: '7' })).toThrow('the feed broke');
      expect(ledger.cursor('changes')).toBeUndefined();
      expect(ledger.tally().waiting).toBe(0);
      ledger.enqueue([{ key: 'a' }], { name: 'changes', value: '8' });
      expect([ledger.cursor('changes'), ledger.tally().waiting]).toEqual(['8', 1]);
    });

    it('leaves an item that waits as it is', () => {
      using ledger = fresh();
      expect(ledger.enqueue([{ key: 'a' }])).toEqual({ added: 1, reopened: 0 });
      expect(ledger.enqueue([{ key: 'a' }])).toEqual({ added: 0, reopened: 0 });
      expect(ledger.tally().waiting).toBe(1);
    });

    it('reopens what is done or set aside, and forgets its parts', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }, { key: 'b' }]);
      const [a, b] = ledger.claimNext(1000, 2);
      if (a) ledger.settle(a, copied);
      if (b) ledger.settle(b, { ...copied, exceptions: [cut] });
      expect(ledger.tally()).toMatchObject({ done: 1, setAside: 1, exceptionParts: 1 });
      expect(ledger.enqueue([{ key: 'a' }, { key: 'b' }])).toEqual({ added: 0, reopened: 2 });
      expect(ledger.tally()).toMatchObject({ waiting: 2, done: 0, setAside: 0, exceptionParts: 0, parts: 0 });
      expect(keysOf(ledger.claimNext(1000, 2))).toEqual(['a', 'b']);
    });

    it('counts on from what was tried before, where it is told', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      ledger.settle(one(ledger), copied);
      ledger.enqueue([
        { key: 'a', tried: { attempts: 2, crashes: 1 } },
        { key: 'b', tried: { attempts: 0, crashes: 3 } },
      ]);
      // What took three processes down is handed out alone.
      const b = one(ledger);
      expect(b).toMatchObject({ key: 'b', attempt: 1, crashes: 3 });
      ledger.settle(b, copied);
      expect(one(ledger)).toMatchObject({ key: 'a', attempt: 3, crashes: 1 });
    });

    it('lets an item wait again that was asked for while it was in hand', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      const claim = one(ledger);
      expect(ledger.enqueue([{ key: 'a' }])).toEqual({ added: 0, reopened: 1 });
      expect(ledger.claimNext(1000, 1)).toEqual([]);
      ledger.settle(claim, copied);
      const again = one(ledger);
      expect([again.generation, again.attempt]).toEqual([claim.generation + 1, 1]);
      ledger.settle(again, copied);
      expect(ledger.tally()).toMatchObject({ done: 1, waiting: 0, parts: 3 });
    });

    it('lets it wait until the time for which it was asked for while it was in hand', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      const claim = one(ledger);
      ledger.enqueueChanged([{ key: 'a', mark: 'new', readyAt: 9000 }]);
      ledger.settle(claim, copied);
      expect(ledger.claimNext(1000, 1)).toEqual([]);
      expect(ledger.nextReadyAt()).toBe(9000);
      expect(one(ledger, 9000)).toMatchObject({ key: 'a', mark: 'new', attempt: 1 });
    });

    it('adds only what is new when asked so', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      ledger.settle(one(ledger), copied);
      expect(ledger.enqueueNew([{ key: 'a' }, { key: 'b' }], { name: 'c', value: '1' })).toEqual({
        added: 1,
      });
      expect(ledger.tally()).toMatchObject({ done: 1, waiting: 1 });
      expect(ledger.cursor('c')).toBe('1');
    });
  });

  describe('testimonies', () => {
    const settled = (ledger: WorkLedger, key: string, ...said: [subject: string, value: string][]): void => {
      ledger.enqueue([{ key }]);
      const testimonies = said.map(([subject, value]) => ({ subject, value }));
      ledger.settle(one(ledger), { ...copied, testimonies });
    };

    it('tells what different things are said of a subject, and which are to be judged', () => {
      using ledger = fresh();
      settled(ledger, 'a', ['p', 'x'], ['q', 'z'], ['q', 'z']);
      settled(ledger, 'b', ['p', 'y']);
      settled(ledger, 'c', ['p', 'x']);
      expect([...ledger.valuesOf('p')]).toEqual(['x', 'y']);
      expect(ledger.openSubjects({ limit: 1 })).toEqual([{ subject: 'p', verdict: undefined }]);
      expect(ledger.openSubjects({ limit: 5, after: 'p' })).toEqual([{ subject: 'q', verdict: undefined }]);
      ledger.judge('p', 'doubtful');
      ledger.judge('q', '');
      expect(ledger.openSubjects({ limit: 5 })).toEqual([{ subject: 'p', verdict: 'doubtful' }]);
      expect([ledger.verdict('p'), ledger.verdict('q'), ledger.verdict('r')]).toEqual([
        'doubtful',
        '',
        undefined,
      ]);
      expect(ledger.verdictCount()).toBe(1);
    });

    it('keeps a verdict until something new is said or something is taken back', () => {
      using ledger = fresh();
      settled(ledger, 'a', ['p', 'x']);
      ledger.judge('p', '');
      settled(ledger, 'b', ['p', 'x']);
      settled(ledger, 'a', ['p', 'x']);
      expect(ledger.verdict('p')).toBe('');
      settled(ledger, 'c', ['p', 'y']);
      expect(ledger.verdict('p')).toBeUndefined();
      ledger.judge('p', 'doubtful');
      settled(ledger, 'b');
      expect(ledger.verdict('p')).toBe('doubtful');
      settled(ledger, 'c');
      expect([ledger.verdict('p'), [...ledger.valuesOf('p')]]).toEqual([undefined, ['x']]);
    });

    it('lets those be judged again of whom an item speaks that asks for it, also where it says nothing new', () => {
      using ledger = fresh();
      settled(ledger, 'a', ['p', 'x'], ['q', 'x'], ['r', 'x']);
      ledger.judge('p', '');
      ledger.judge('q', 'doubtful');
      ledger.judge('r', '');
      for (const key of ['a', 'b']) {
        ledger.enqueue([{ key }]);
        const testimonies = ['p', 'q'].map((subject) => ({ subject, value: 'x' }));
        const others = key === 'a' ? [{ subject: 'r', value: 'x' }] : [];
        ledger.settle(one(ledger), {
          ...copied,
          testimonies: [...testimonies, ...others],
          judgesAgain: key === 'b',
        });
        expect(ledger.verdict('p')).toBe(key === 'a' ? '' : undefined);
      }
      expect([ledger.verdict('q'), ledger.verdict('r')]).toEqual(['doubtful', '']);
      expect(ledger.openSubjects({ limit: 5 }).map(({ subject }) => subject)).toEqual(['p', 'q']);
    });

    it('lets all be judged again, or those of whom items with an outcome speak; what is against one stays till then', () => {
      using ledger = fresh();
      settled(ledger, 'a', ['p', 'x'], ['q', 'x']);
      ledger.enqueue([{ key: 'b' }]);
      const testimonies = [{ subject: 'r', value: 'x' }];
      ledger.settle(one(ledger), { ...copied, outcome: 'looked at', testimonies });
      const verdicts = () => ['p', 'q', 'r'].map((subject) => ledger.verdict(subject));
      for (const subject of ['p', 'r']) ledger.judge(subject, '');
      ledger.judge('q', 'doubtful');
      ledger.judgeAgain('looked at');
      expect(verdicts()).toEqual(['', 'doubtful', undefined]);
      ledger.judgeAgain();
      expect(verdicts()).toEqual([undefined, 'doubtful', undefined]);
    });

    it('tells whether a verdict takes into account what is said', () => {
      using ledger = fresh();
      expect([ledger.isJudged('p'), ledger.isJudged('p', 'x')]).toEqual([true, false]);
      settled(ledger, 'a', ['p', 'x']);
      expect([ledger.isJudged('p'), ledger.isJudged('p', 'x')]).toEqual([false, false]);
      ledger.judge('p', '');
      expect(['x', 'y', undefined].map((value) => ledger.isJudged('p', value))).toEqual([true, false, true]);
      settled(ledger, 'b', ['p', 'y']);
      expect(['x', 'y', undefined].map((value) => ledger.isJudged('p', value))).toEqual([
        false,
        false,
        false,
      ]);
    });

    it('hears what is set aside, and keeps it while the item waits again', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      const testimonies = [{ subject: 'p', value: 'x' }];
      ledger.setAside(one(ledger), { code: 'CUT', message: 'Too short.', testimonies });
      ledger.requeue({ all: true });
      expect([...ledger.valuesOf('p')]).toEqual(['x']);
    });
  });

  describe('marks and notes', () => {
    it('hands out the mark with the claim, and takes another one with the answer', () => {
      using ledger = fresh();
      ledger.enqueueChanged([{ key: 'a', mark: '1' }]);
      const claim = one(ledger);
      expect(claim.mark).toBe('1');
      ledger.settle(claim, { ...copied, mark: '' });
      expect(ledger.enqueueChanged([{ key: 'a', mark: '1' }])).toEqual({ added: 0, reopened: 1 });
    });

    it('lets a known item wait again only when its mark has changed', () => {
      using ledger = fresh();
      ledger.enqueueChanged([{ key: 'a', mark: '1' }]);
      ledger.settle(one(ledger), copied);
      expect(ledger.enqueueChanged([{ key: 'a', mark: '1' }])).toEqual({ added: 0, reopened: 0 });
      expect(ledger.enqueueChanged([{ key: 'a', mark: '2' }])).toEqual({ added: 0, reopened: 1 });
      expect(keysOf(ledger.claimNext(1000, 5))).toEqual(['a']);
    });

    it('tells whether somebody may have seen an item before it changed', () => {
      using ledger = fresh();
      const change = (key: string, ...marks: string[]) => {
        for (const mark of marks) ledger.enqueueChanged([{ key, mark }]);
      };
      change('seen', '1', '2');
      const seen = one(ledger);
      expect(seen.generation).toBeLessThan(1);
      ledger.setAside(seen, { code: 'X', message: '' });
      ledger.requeue({ all: true });
      change('new', '1');
      change('growing', '1', '2', '3');
      const claims = ledger.claimNext(1000, 9);
      expect(claims.map(({ key, generation }) => [key, generation > 0])).toEqual([
        ['seen', true],
        ['new', false],
        ['growing', false],
      ]);
      for (const claim of claims) {
        ledger.settle(claim, copied);
        change(claim.key, '4');
      }
      expect(ledger.claimNext(1000, 9).map(({ generation }) => generation > 0)).toEqual([true, true, true]);
      expect(ledger.enqueueChanged([{ key: 'more', mark: '1' }])).toEqual({ added: 1, reopened: 0 });
      expect(ledger.enqueueChanged([{ key: 'more', mark: '2' }])).toEqual({ added: 0, reopened: 1 });
    });

    it('tells the mark with which an item was last asked for', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a', mark: '1' }, { key: 'b' }]);
      ledger.enqueueChanged([{ key: 'a', mark: '2' }]);
      expect(ledger.rows({ limit: 2 }).map(({ key, mark }) => [key, mark])).toEqual([
        ['a', '2'],
        ['b', ''],
      ]);
    });

    it('remembers parts whatever becomes of their item, until told to forget', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }, { key: 'b' }]);
      ledger.remember('a', [
        { part: 'p2', note: 'absent' },
        { part: 'p1', note: 'absent' },
      ]);
      ledger.remember('a', [{ part: 'p1', note: 'proved' }]);
      ledger.settle(one(ledger), copied);
      ledger.enqueue([{ key: 'a' }]);
      expect(ledger.remembered('a', { limit: 5 })).toEqual([
        { part: 'p1', note: 'proved' },
        { part: 'p2', note: 'absent' },
      ]);
      expect(ledger.remembered('a', { limit: 5, after: 'p1' })).toEqual([{ part: 'p2', note: 'absent' }]);
      expect(ledger.remembered('b', { limit: 5 })).toEqual([]);
      ledger.forget('a', ['p1', 'unknown']);
      expect(ledger.remembered('a', { limit: 5 })).toEqual([{ part: 'p2', note: 'absent' }]);
    });

    it('tells when what has not ended was asked for', () => {
      const at = { now: 100 };
      using ledger = fresh(at);
      ledger.enqueue([{ key: 'a' }]);
      at.now = 200;
      const claim = one(ledger);
      expect([ledger.askedAt('a'), ledger.askedAt('b')]).toEqual([100, undefined]);
      ledger.settle(claim, copied);
      expect(ledger.askedAt('a')).toBeUndefined();
      ledger.enqueue([{ key: 'a' }]);
      expect(ledger.askedAt('a')).toBe(200);
    });

    it('keeps the notes on items and parts until they are asked for again', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'b' }, { key: 'a' }, { key: 'c' }]);
      const [b, a] = ledger.claimNext(1000, 2);
      if (b) ledger.settle(b, { ...copied, note: 'done', partNotes: [{ part: 'p', note: 'x' }] });
      if (a) ledger.setAside(a, { code: 'CUT', message: 'Too short.', note: 'not done' });
      expect(ledger.rows({ limit: 2 }).map(({ key, state, note }) => [key, state, note])).toEqual([
        ['a', 'set aside', 'not done'],
        ['b', 'done', 'done'],
      ]);
      expect(ledger.rows({ limit: 2, after: 'b' })).toMatchObject([{ key: 'c', state: 'waiting' }]);
      expect(['a', 'b', 'c', 'd'].map((key) => ledger.stateOf(key))).toEqual([
        'set aside',
        'done',
        'waiting',
        undefined,
      ]);
      expect(ledger.partNotes('b', { limit: 5 })).toEqual([{ part: 'p', note: 'x' }]);
      ledger.enqueue([{ key: 'b' }]);
      expect(ledger.rows({ limit: 1, after: 'a' })).toMatchObject([{ note: '', state: 'waiting' }]);
      expect(ledger.partNotes('b', { limit: 5 })).toEqual([]);
    });
  });

  describe('claiming', () => {
    it('never hands out an item twice', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      expect([keysOf(ledger.claimNext(1000, 5)), ledger.claimNext(1000, 5)]).toEqual([['a'], []]);
    });

    it('holds an item back until its time, and names that time', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'later', readyAt: 5000 }]);
      expect([ledger.claimNext(4999, 1), ledger.nextReadyAt()]).toEqual([[], 5000]);
      ledger.enqueue([{ key: 'now' }]);
      expect(ledger.nextReadyAt()).toBe(0);
      expect(keysOf(ledger.claimNext(5000, 2))).toEqual(['later', 'now']);
      expect(ledger.nextReadyAt()).toBeUndefined();
    });

    it('tells since when the oldest item waits, whatever its priority', () => {
      const at = { now: 100 };
      using ledger = fresh(at);
      expect(ledger.tally().oldestWaitingAt).toBeUndefined();
      ledger.enqueue([{ key: 'old', priority: -3 }]);
      at.now = 200;
      ledger.enqueue([{ key: 'new', priority: 5 }]);
      expect(ledger.tally().oldestWaitingAt).toBe(100);
      at.now = 300;
      expect(keysOf(ledger.claimNext(1000, 1))).toEqual(['new']);
      expect(ledger.tally().oldestWaitingAt).toBe(100);
    });
  });

  describe('answering', () => {
    it('counts items, parts and bytes by outcome and by proof', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
      const [a, b, c] = ledger.claimNext(1000, 3);
      if (a) ledger.settle(a, copied);
      if (b) ledger.settle(b, { outcome: 'already-there', proof: 'id', parts: 1, bytes: 10 });
      if (c) ledger.setAside(c, { code: 'NOT_DICOM', message: 'No.' });
      expect(ledger.tally()).toEqual({
        waiting: 0,
        inHand: 0,
        done: 2,
        setAside: 1,
        parts: 4,
        bytes: 310,
        exceptionParts: 0,
        byOutcome: { copied: 1, 'already-there': 1 },
        byProof: { 'id+md5': { items: 1, parts: 3 }, id: { items: 1, parts: 1 } },
        byCode: { NOT_DICOM: 1 },
      });
    });

    it('counts attempts until there is progress', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      ledger.reschedule(one(ledger), away);
      expect(one(ledger, 5000).attempt).toBe(2);
    });

    it('counts attempts anew after progress', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      ledger.reschedule(one(ledger), away);
      ledger.reschedule(one(ledger, 5000), { ...away, hasProgressed: true });
      const third = one(ledger, 5000);
      expect(third.attempt).toBe(1);
      // Noted for the sake of a crash; whether it was any, the answer says.
      ledger.progress(third);
      ledger.reschedule(third, away);
      expect(one(ledger, 5000).attempt).toBe(2);
    });

    it('keeps the count of attempts through one that says nothing about the item', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      ledger.reschedule(one(ledger), { ...away, at: 1 });
      ledger.reschedule(one(ledger), { ...away, at: 1, isFree: true });
      expect(one(ledger)).toMatchObject({ key: 'a', attempt: 2 });
    });

    it('lets what fails wait as long as it was asked to, where it was asked for again for a later time', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      const claim = one(ledger);
      ledger.enqueue([{ key: 'a', readyAt: 9000 }]);
      ledger.reschedule(claim, away);
      expect(ledger.nextReadyAt()).toBe(9000);
      const again = one(ledger, 9000);
      ledger.reschedule(again, { ...away, at: 9500 });
      expect(ledger.nextReadyAt()).toBe(9500);
    });

    it('does not count an attempt that was given back', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      ledger.release(one(ledger));
      expect(one(ledger).attempt).toBe(1);
    });

    it('refuses a second answer to the same claim', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      const claim = one(ledger);
      ledger.settle(claim, copied);
      expect(() => {
        ledger.release(claim);
      }).toThrow('answered before');
      expect(ledger.tally().done).toBe(1);
    });

    it('sets an item aside with its parts, under their code when they share one', () => {
      const at = { now: 700 };
      using ledger = fresh(at);
      ledger.enqueue([{ key: 'a' }, { key: 'b' }]);
      const [a, b] = ledger.claimNext(1000, 2);
      const odd = { part: 'p2', code: 'ODD', message: 'Odd.' };
      if (a) ledger.settle(a, { ...copied, exceptions: [cut, { ...cut, part: 'p3' }] });
      if (b) ledger.settle(b, { ...copied, exceptions: [cut, odd] });
      const rows = ledger.setAsideRows({ limit: 10 });
      expect(rows.map(({ key, code, exceptionParts }) => [key, code, exceptionParts])).toEqual([
        ['a', 'CUT', 2],
        ['b', 'PARTS_SET_ASIDE', 2],
      ]);
      expect(rows[1]).toMatchObject({ parts: [cut, odd], attempts: 1, at: 700 });
      expect(ledger.tally()).toMatchObject({
        setAside: 2,
        exceptionParts: 4,
        parts: 6,
        byOutcome: { copied: 2 },
      });
    });

    it('pages through what was set aside and bounds the parts shown', () => {
      using ledger = fresh();
      ledger.enqueue(['a', 'b', 'c'].map((key) => ({ key })));
      const exceptions = Array.from({ length: 50 }, (_, i) => ({ ...cut, part: String(i) }));
      for (const claim of ledger.claimNext(1000, 3)) ledger.settle(claim, { ...copied, exceptions });
      const first = ledger.setAsideRows({ limit: 2 });
      expect([first.length, first[0]?.exceptionParts, (first[0]?.parts.length ?? 50) < 50]).toEqual([
        2,
        50,
        true,
      ]);
      expect(ledger.setAsideRows({ limit: 2, after: 'b' }).map(({ key }) => key)).toEqual(['c']);
    });

    it('names every part that was set aside, page by page', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }, { key: 'b' }]);
      const exceptions = Array.from({ length: 50 }, (_, i) => ({ ...cut, part: String(100 + i) }));
      for (const claim of ledger.claimNext(1000, 2)) ledger.settle(claim, { ...copied, exceptions });
      const first = ledger.exceptions('a', { limit: 30 });
      const after = first.at(-1)?.part ?? '';
      expect([...first, ...ledger.exceptions('a', { limit: 30, after })]).toEqual(exceptions);
    });

    it('counts why items and parts were set aside, each item once for each code', () => {
      using ledger = fresh();
      ledger.enqueue(['a', 'b', 'c', 'd'].map((key) => ({ key })));
      const [a, b, c, d] = ledger.claimNext(1000, 4);
      const odd = { part: 'p2', code: 'ODD', message: 'Odd.' };
      if (a) ledger.settle(a, { ...copied, exceptions: [cut, { ...cut, part: 'p3' }, odd] });
      if (b) ledger.setAside(b, { code: 'CUT', message: 'Too short.' });
      if (c) ledger.settle(c, copied);
      if (d) ledger.settle(d, { ...copied, exceptions: [odd] });
      expect(ledger.reasons()).toEqual([
        { code: 'CUT', items: 2, parts: 2 },
        { code: 'ODD', items: 2, parts: 2 },
      ]);
      ledger.requeue({ keys: ['a'] });
      expect(ledger.reasons()).toEqual([
        { code: 'CUT', items: 1, parts: 0 },
        { code: 'ODD', items: 1, parts: 1 },
      ]);
    });

    it.each([
      ['all', { all: true }, 3],
      ['by key', { keys: ['a', 'nobody'] }, 1],
      ['by code, of the item or of a part', { codes: ['CUT'] }, 2],
    ])('requeues %s, as if new', (_how, selector, count) => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
      const [a, b, c] = ledger.claimNext(1000, 3);
      if (a) ledger.setAside(a, { code: 'CUT', message: 'Too short.' });
      if (b) ledger.settle(b, { ...copied, exceptions: [cut, { part: 'p2', code: 'ODD', message: '' }] });
      if (c) ledger.setAside(c, { code: 'ODD', message: '' });
      expect(ledger.requeue(selector)).toBe(count);
      expect(ledger.tally()).toMatchObject({ waiting: count, setAside: 3 - count });
      expect(ledger.claimNext(1000, 1)[0]).toMatchObject({ key: 'a', attempt: 1, crashes: 0 });
    });
  });

  describe('condensing', () => {
    it('keeps what was done only in the tally, and everything of the others', () => {
      const at = { now: 1000 };
      using ledger = fresh(at);
      ledger.enqueue(['done', 'fresh', 'failed', 'waiting'].map((key) => ({ key })));
      const [done, later, failed] = ledger.claimNext(1000, 3);
      ledger.remember('done', [{ part: 'p', note: 'known' }]);
      ledger.remember('fresh', [{ part: 'p', note: 'known' }]);
      if (done) ledger.settle(done, { ...copied, partNotes: [{ part: 'p', note: 'noted' }] });
      if (failed) ledger.setAside(failed, { code: 'CUT', message: '' });
      at.now = 2000;
      if (later) ledger.settle(later, copied);
      const before = ledger.tally();
      ledger.condense(['done', 'fresh', 'failed', 'waiting', 'nobody'], 2000);
      expect(ledger.tally()).toEqual(before);
      expect(before).toMatchObject({ done: 2, parts: 6, byOutcome: { copied: 2 } });
      expect(ledger.rows({ limit: 9 }).map(({ key, at: ended }) => [key, ended])).toEqual([
        ['failed', 1000],
        ['fresh', 2000],
        ['waiting', 1000],
      ]);
      expect(ledger.stateOf('done')).toBeUndefined();
      expect(['done', 'fresh'].map((key) => ledger.remembered(key, { limit: 9 }).length)).toEqual([0, 1]);
      expect(ledger.partNotes('done', { limit: 9 })).toEqual([]);
    });

    it('takes for new what is asked for again, knows nothing of it, and counts it once more', () => {
      using ledger = fresh();
      ledger.enqueue([{ key: 'a' }]);
      const claim = one(ledger);
      ledger.remember('a', [{ part: 'p', note: 'known' }]);
      ledger.settle(claim, { ...copied, testimonies: [{ subject: 's', value: 'v' }] });
      ledger.condense(['a'], 2000);
      expect([...ledger.valuesOf('s')]).toEqual([]);
      expect(ledger.enqueue([{ key: 'a' }])).toEqual({ added: 1, reopened: 0 });
      const again = one(ledger);
      expect(again).toMatchObject({ key: 'a', attempt: 1, generation: 0 });
      expect(ledger.remembered('a', { limit: 9 })).toEqual([]);
      ledger.settle(again, copied);
      expect(ledger.tally()).toMatchObject({ done: 2, parts: 6, waiting: 0, inHand: 0 });
    });
  });

  describe('after the process died', () => {
    it('lets what was in hand wait, counts the crash and not the attempt', () => {
      const place = newPlace();
      dieWith(place, (ledger) => {
        ledger.enqueue([{ key: 'a' }, { key: 'b' }]);
        const [a] = ledger.claimNext(1000, 2);
        if (a) ledger.settle(a, copied);
      });
      using ledger = open(place, { now: 1000 });
      expect(ledger.interrupted).toBe(1);
      expect(ledger.claimNext(1000, 5)).toEqual([
        { key: 'b', attempt: 1, generation: 0, crashes: 1, mark: '', priority: 0 },
      ]);
    });

    it('does not count a crash against an item that had progressed', () => {
      const place = newPlace();
      dieWith(place, (ledger) => {
        ledger.enqueue([{ key: 'a' }]);
        ledger.progress(one(ledger));
      });
      using ledger = open(place, { now: 1000 });
      expect(one(ledger)).toMatchObject({ crashes: 0, attempt: 1 });
    });

    it('hands out alone what took three processes down, and sets it aside when it does so three times more', () => {
      const place = newPlace();
      dieWith(place, (ledger) => {
        ledger.enqueue([{ key: 'a' }, { key: 'poison' }]);
      });
      for (let crash = 0; crash < 3; crash += 1)
        dieWith(place, (ledger) => {
          ledger.claimNext(1000, 2);
        });
      dieWith(place, (ledger) => {
        ledger.enqueue([{ key: 'late' }]);
        const alone = ledger.claimNext(1000, 5);
        expect(alone).toMatchObject([{ key: 'a', crashes: 3 }]);
        expect(ledger.claimNext(1000, 5)).toEqual([]);
        if (alone[0]) ledger.settle(alone[0], copied);
        expect(keysOf(ledger.claimNext(1000, 5))).toEqual(['poison']);
      });
      for (let crash = 0; crash < 2; crash += 1)
        dieWith(place, (ledger) => {
          expect(keysOf(ledger.claimNext(1000, 5))).toEqual(['poison']);
        });
      using ledger = open(place, { now: 1000 });
      expect(ledger.setAsideRows({ limit: 5 })).toMatchObject([{ key: 'poison', code: 'SUSPECTED_POISON' }]);
      expect(ledger.claimNext(1000, 5)).toMatchObject([{ key: 'late', crashes: 0 }]);
    });

    it('suspects in turn: processes that are killed early do not always die with the same item', () => {
      const place = newPlace();
      dieWith(place, (ledger) => {
        ledger.enqueue([{ key: 'a' }, { key: 'b' }]);
      });
      for (let crash = 0; crash < 3; crash += 1)
        dieWith(place, (ledger) => {
          ledger.claimNext(1000, 2);
        });
      const alone: string[] = [];
      for (let crash = 0; crash < 4; crash += 1)
        dieWith(place, (ledger) => {
          alone.push(...keysOf(ledger.claimNext(1000, 5)));
        });
      expect(alone).toEqual(['a', 'b', 'a', 'b']);
    });

    it('trusts an item again that was worked alone without a crash', () => {
      const place = newPlace();
      dieWith(place, (ledger) => {
        ledger.enqueue([{ key: 'a' }]);
      });
      for (let crash = 0; crash < 3; crash += 1) dieWith(place, one);
      using ledger = open(place, { now: 1000 });
      ledger.reschedule(one(ledger), away);
      ledger.enqueue([{ key: 'b' }]);
      expect(ledger.claimNext(5000, 5)).toMatchObject([{ key: 'a', crashes: 0 }, { key: 'b' }]);
    });

    it('remembers cursors, outcomes and delays', () => {
      const place = newPlace();
      dieWith(place, (ledger) => {
        ledger.enqueue([{ key: 'a' }, { key: 'b' }]);
        ledger.setCursor('changes', '42');
        ledger.settle(one(ledger), copied);
        ledger.reschedule(one(ledger), away);
      });
      using ledger = open(place, { now: 1000 });
      expect([ledger.cursor('changes'), ledger.nextReadyAt(), ledger.interrupted]).toEqual(['42', 5000, 0]);
      expect(ledger.tally()).toMatchObject({ done: 1, waiting: 1, byOutcome: { copied: 1 } });
    });
  });
}
