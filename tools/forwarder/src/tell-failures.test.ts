import { describe, expect, it } from '@jest/globals';
import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand, Rescheduled } from '@orthanc-tools/work-loop';
import { tellFailures } from './tell-failures.ts';

const claim = (key: string): Claim => ({
  key,
  attempt: 2,
  generation: 1,
  crashes: 0,
  mark: '',
  priority: 0,
});
const [a, b] = [claim('a'), claim('b')];
const busy = transientFailure('ORTHANC_BUSY', 'Busy.');
const away = transientFailure('ORTHANC_UNREACHABLE', 'Away.', { scope: 'run' });

async function told(work: (hand: Hand) => Promise<void>, became: Rescheduled = 'later') {
  const lines: unknown[] = [];
  const errors: unknown[] = [];
  const hand: Hand = {
    signal: new AbortController().signal,
    settle: () => undefined,
    reschedule: () => became,
    setAside: () => undefined,
    release: () => undefined,
    observe: () => undefined,
  };
  const log = { warn: (event: string, facts: object) => lines.push({ event, ...facts }) } as never;
  const hooks = { tellError: (error: unknown) => errors.push(error) };
  const ended = await tellFailures([a, b], hand, { stage: 'pacs', log, hooks, work }).catch(
    (error: unknown) => error,
  );
  return { lines, errors, ended };
}

describe('a failure in the work on units', () => {
  it('is told once for each, with what became of it', async () => {
    const later = await told((hand) => {
      hand.reschedule(a, busy);
      hand.settle(b, { outcome: 'forwarded', proof: 'id', parts: 1, bytes: 1 });
      return Promise.resolve();
    });
    const facts = { unit: 'a', stage: 'pacs', code: 'ORTHANC_BUSY', message: 'Busy.', attempt: 2 };
    expect(later.lines).toEqual([{ event: 'unit.rescheduled', ...facts }]);
    expect(later.errors).toHaveLength(1);
    const last = await told((hand) => {
      hand.reschedule(a, busy);
      hand.setAside(b, { code: 'CONTENT_CONFLICT', message: 'Other.' });
      return Promise.resolve();
    }, 'set aside');
    expect(last.lines).toMatchObject([
      { event: 'unit.set_aside', ...facts },
      { event: 'unit.set_aside', unit: 'b', code: 'CONTENT_CONFLICT' },
    ]);
  });

  it('that is no more than waiting is told by whoever knows what is waited for', async () => {
    const waiting = await told((hand) => {
      hand.reschedule(a, busy, { hasProgressed: true });
      hand.release(b);
      return Promise.resolve();
    });
    expect(waiting.lines).toEqual([]);
    const released = await told((hand) => {
      hand.reschedule(a, away);
      hand.release(b);
      return Promise.resolve();
    }, 'released');
    expect(released.lines).toEqual([]);
  });

  it('that is thrown is answered for those that were not answered', async () => {
    const { lines, ended } = await told((hand) => {
      hand.release(a);
      return Promise.reject(permanentFailure('NO', 'No.'));
    });
    expect(lines).toMatchObject([{ unit: 'b', code: 'NO' }]);
    expect(ended).toBeUndefined();
  });

  it('of the whole run is left to the loop, which tells it once', async () => {
    const { lines, errors, ended } = await told(() => Promise.reject(away));
    expect(lines).toEqual([]);
    expect(errors).toHaveLength(2);
    expect(ended).toBe(away);
  });
});
