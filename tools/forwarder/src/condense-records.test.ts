import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import { type WorkLedger, openLedger } from '@orthanc-tools/work-ledger';
import { condenseRecords } from './condense-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'condensing-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const dayMs = 24 * 60 * 60 * 1000;
const done = { outcome: 'forwarded', proof: 'id', parts: 2, bytes: 20 } as const;

let families = 0;

/** Ledgers in which units end at times of their own, before a clock that has come to day 100. */
function openFamily(held: readonly string[]) {
  const isHeld = new Set(held);
  const stack = new DisposableStack();
  const time = { day: 0 };
  const open = (name: string) =>
    stack.use(
      openLedger(join(folder, `${String((families += 1))}-${name}.sqlite`), { now: () => time.day * dayMs }),
    );
  const [inbox, deletion, pacs] = [open('inbox'), open('deletion'), open('pacs')];
  const questions: string[][] = [];
  const request = {
    inbox: {
      resources: {
        facts: (_level: string, ids: readonly string[]) => {
          questions.push([...ids]);
          return Promise.resolve(ids.filter((id) => isHeld.has(id)).map((id) => ({ id }) as never));
        },
      },
    },
    level: 'study' as const,
    ledgers: { inbox, deletion },
    destinations: [{ ledger: pacs }],
    keepRecordsMs: 30 * dayMs,
    clock: { now: () => new Date(100 * dayMs), sleep: () => Promise.resolve() },
    log: { info: () => undefined } as never,
    signal: new AbortController().signal,
  };
  return {
    request,
    questions,
    ledgers: { inbox, deletion, pacs },
    end(ledger: WorkLedger, keys: readonly string[], day: number) {
      time.day = day;
      ledger.enqueue(keys.map((key) => ({ key })));
      for (const claim of ledger.claimNext(Date.now(), keys.length)) ledger.settle(claim, done);
    },
    keys: () => [inbox, deletion, pacs].map((ledger) => ledger.rows({ limit: 99 }).map(({ key }) => key)),
    [Symbol.dispose]: () => {
      stack.dispose();
    },
  };
}

describe('what has ended long ago', () => {
  it('is only counted once the inbox holds nothing of it', async () => {
    using family = openFamily(['held']);
    const { inbox, deletion, pacs } = family.ledgers;
    for (const ledger of [inbox, pacs, deletion]) family.end(ledger, ['gone', 'held'], 1);
    family.end(inbox, ['young'], 80);
    const before = [inbox, deletion, pacs].map((ledger) => ledger.tally());
    expect(await condenseRecords(family.request)).toBe(true);
    expect(family.keys()).toEqual([['held', 'young'], ['held'], ['held']]);
    expect([inbox, deletion, pacs].map((ledger) => ledger.tally())).toEqual(before);
    expect(family.questions).toEqual([['gone', 'held']]);
  });

  it('stays known until its last step has ended as long ago', async () => {
    using family = openFamily([]);
    const { inbox, deletion, pacs } = family.ledgers;
    for (const ledger of [inbox, pacs]) family.end(ledger, ['kept for months'], 1);
    family.end(deletion, ['kept for months'], 90);
    await condenseRecords(family.request);
    expect(family.keys()).toEqual([['kept for months'], ['kept for months'], []]);
  });

  it('stays known while it waits anywhere, or is set aside', async () => {
    using family = openFamily([]);
    const { inbox, deletion, pacs } = family.ledgers;
    family.end(inbox, ['failed', 'waiting'], 1);
    pacs.enqueue([{ key: 'failed' }]);
    const [claim] = pacs.claimNext(Date.now(), 1);
    if (claim) pacs.setAside(claim, { code: 'CUT', message: '' });
    deletion.enqueue([{ key: 'waiting' }]);
    await condenseRecords(family.request);
    expect(family.keys()).toEqual([['failed', 'waiting'], ['waiting'], ['failed']]);
  });

  it('stays known where it is a unit of another level, which the inbox cannot be asked about', async () => {
    using family = openFamily([]);
    family.end(family.ledgers.inbox, ['series'], 1);
    const facts = () => Promise.resolve([{ id: 'its study' } as never]);
    await condenseRecords({ ...family.request, inbox: { resources: { facts } } });
    expect(family.keys()).toEqual([['series'], [], []]);
  });

  it('waits for an inbox that is away', async () => {
    using family = openFamily([]);
    family.end(family.ledgers.inbox, ['gone'], 1);
    const facts = () => Promise.reject(transientFailure('ORTHANC_UNREACHABLE', 'Away.', { scope: 'run' }));
    expect(await condenseRecords({ ...family.request, inbox: { resources: { facts } } })).toBe(false);
    expect(family.keys()).toEqual([['gone'], [], []]);
  });

  it('goes on where a look at very many that are still held has stopped', async () => {
    const held = Array.from({ length: 21_000 }, (_, index) => `held ${String(10_000 + index)}`);
    using family = openFamily(held);
    family.end(family.ledgers.inbox, [...held, 'the last one'], 1);
    await condenseRecords(family.request);
    expect(family.ledgers.inbox.stateOf('the last one')).toBe('done');
    await condenseRecords(family.request);
    expect(family.ledgers.inbox.stateOf('the last one')).toBeUndefined();
  });
});
