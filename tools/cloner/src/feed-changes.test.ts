import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import { readLandmarks } from '@orthanc-tools/orthanc-client';
import { alwaysOpen, weeklySchedule } from '@orthanc-tools/scheduling';
import { openLedger } from '@orthanc-tools/work-ledger';
import { changeLogPosition } from './change-log-position.ts';
import { feedChanges, feedExisting, findLogEnd, follow, persist } from './feed-changes.ts';
import type { FeedContext } from './feed-studies.ts';

const folder = mkdtempSync(join(tmpdir(), 'feed-changes-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = { sequence: 7, type: 'NewInstance', id: 'an-instance', resourceType: 'Instance', at: 'then' };

/** A source whose log is read only once its list is asked for. */
function openSource({ isAway = false } = {}) {
  const listed = Promise.withResolvers<undefined>();
  return {
    changes: {
      last: () => Promise.resolve(7),
      reached: () => Promise.resolve(7),
      mayComeLate: () => Promise.resolve(false),
      read: async () => {
        await listed.promise;
        if (isAway) throw new Error('away');
        return { changes: [entry], last: 7, isDone: true, passedOver: [] };
      },
    },
    studies: {
      pages: async function* () {
        listed.resolve(undefined);
        yield await Promise.resolve({ ids: ['a-study'], isLast: true });
      },
    },
  };
}

it('finds the end of a log that was never read beside other questions, and notes it without asking again', async () => {
  using ledger = openLedger(join(folder, 'ledger.sqlite'));
  const { signal } = new AbortController();
  const source = openSource();
  const context = { source, ledger, schedule: alwaysOpen, wake() {}, signal } as unknown as FeedContext;
  expect(await findLogEnd(context)).toBe(7);
  source.changes.last = () => Promise.reject(new Error('asked again'));
  await feedExisting(context, 7);
  expect(changeLogPosition(ledger)).toBe(7);
});

it('leaves a log whose end is not told to whoever needs it', async () => {
  const { signal } = new AbortController();
  const source = openSource();
  source.changes.last = () => Promise.reject(transientFailure('ORTHANC_UNREACHABLE', 'It is away.'));
  const context = { source, signal } as unknown as FeedContext;
  expect(await findLogEnd(context)).toBeUndefined();
  source.changes.last = () => Promise.reject(new TypeError('a defect'));
  await expect(findLogEnd(context)).rejects.toThrow('a defect');
});

it('knows a log again whose last entries it could only read in the second run', async () => {
  using ledger = openLedger(join(folder, 'ledger.sqlite'));
  const contextFor = (source: unknown) =>
    ({
      ...{ source, ledger, schedule: alwaysOpen, wake() {} },
      signal: new AbortController().signal,
    }) as unknown as FeedContext;
  await expect(feedExisting(contextFor(openSource({ isAway: true })))).rejects.toThrow('away');
  // Both were noted: what comes after this position is read later, whatever became of the rest.
  expect([changeLogPosition(ledger), ledger.tally().waiting, readLandmarks(ledger)]).toEqual([7, 1, []]);

  const again = openSource();
  await Promise.all([feedExisting(contextFor(again)), again.studies.pages().next()]);
  expect(readLandmarks(ledger)).toEqual([{ sequence: 7, text: 'NewInstance an-instance then' }]);
});

/** A source whose entries become visible in the order in which they are committed, each of a study of its own. */
function openLateSource() {
  const visible = new Set<number>();
  const listed: string[] = [];
  const at = { ms: 0 };
  const studyOf = (sequence: number) => `study-${String(sequence)}`;
  const newest = () => Math.max(0, ...visible);
  const source = {
    changes: {
      last: () => Promise.resolve(newest()),
      reached: (position: number) => Promise.resolve(Math.min(position, newest())),
      mayComeLate: () => Promise.resolve(true),
      read: ({ since, limit }: { since: number; limit: number }) => {
        const told = [...visible].filter((one) => one > since).sort((a, b) => a - b);
        const changes = told
          .slice(0, limit)
          .map((sequence) => ({ ...entry, sequence, id: studyOf(sequence) }));
        const last = changes.at(-1)?.sequence ?? since;
        const between = Array.from({ length: last - since }, (_, index) => since + 1 + index);
        const passedOver = between.flatMap((one) => (visible.has(one) ? [] : [{ from: one, to: one }]));
        return Promise.resolve({ changes, last, isDone: told.length <= limit, passedOver });
      },
    },
    studies: {
      ofInstances: (ids: readonly string[]) => Promise.resolve(ids),
      pages: async function* () {
        yield await Promise.resolve({ ids: listed, isLast: true });
      },
    },
  };
  return { source, visible, listed, at, studyOf };
}

describe('an entry that appears after later ones were read', () => {
  const contextFor = ({ source, at }: ReturnType<typeof openLateSource>, ledger: unknown) => {
    at.ms += 1000;
    const clock = { now: () => new Date(at.ms) };
    const { signal } = new AbortController();
    return { source, ledger, clock, signal, schedule: alwaysOpen, wake() {} } as unknown as FeedContext;
  };

  it('has its study entered, also by the next run', async () => {
    const late = openLateSource();
    const path = join(folder, 'late.sqlite');
    {
      using ledger = openLedger(path);
      ledger.setCursor('changes', '99');
      for (const one of [100, 102, 104]) late.visible.add(one);
      await feedChanges(contextFor(late, ledger));
      expect([changeLogPosition(ledger), ledger.tally().waiting]).toEqual([104, 3]);
      late.visible.add(101);
      await feedChanges(contextFor(late, ledger));
      expect([changeLogPosition(ledger), ledger.stateOf(late.studyOf(101))]).toEqual([104, 'waiting']);
    }
    late.visible.add(103);
    late.at.ms += 86_400_000;
    using ledger = openLedger(path);
    await feedChanges(contextFor(late, ledger));
    expect([ledger.stateOf(late.studyOf(103)), ledger.tally().waiting]).toEqual(['waiting', 5]);
  });

  it('has its study entered where the log is begun to be read behind it', async () => {
    const late = openLateSource();
    for (const one of [100, 102]) late.visible.add(one);
    late.listed.push(late.studyOf(100), late.studyOf(102));
    using ledger = openLedger(join(folder, 'begun.sqlite'));
    await feedExisting(contextFor(late, ledger));
    late.visible.add(101);
    await feedChanges(contextFor(late, ledger));
    expect([changeLogPosition(ledger), ledger.stateOf(late.studyOf(101))]).toEqual([102, 'waiting']);
  });
});

describe('outside the running hours', () => {
  const hour = 3_600_000;
  const nights = weeklySchedule({
    periods: [...Array(7).keys()].map((day) => ({ day, startMinute: 0, endMinute: 6 * 60 })),
    timeZone: 'UTC',
  });

  /** A source that notes the hour of each question, and a clock that passes over the time it is asked to sleep. */
  function openNight(ledger: unknown, startHour: number) {
    const ending = new AbortController();
    let ms = Date.UTC(2026, 0, 1, startHour);
    const hours: number[] = [];
    const note = () => void hours.push(new Date(ms).getUTCHours());
    const clock = {
      now: () => new Date(ms),
      sleep: (forMs: number) => {
        ms += forMs;
        return Promise.resolve();
      },
    };
    const { source } = openLateSource();
    const read = source.changes.read;
    source.changes.read = (query) => {
      note();
      return read(query);
    };
    const health = { awaitServer: () => ({ [Symbol.dispose]() {} }), listeners: { onTurn() {} } };
    const context = {
      ...{ source, ledger, clock, health, schedule: nights, signal: ending.signal, wake() {} },
      log: { info() {}, warn() {} },
      noteGap() {},
    } as unknown as FeedContext;
    return { context, source, clock, hours, note, ending };
  }

  it('neither the change log is read nor labels are compared', async () => {
    using ledger = openLedger(join(folder, 'nights.sqlite'));
    const { context, hours, clock, ending } = openNight(ledger, 4);
    const sweptAt: string[] = [];
    const sweep = () => {
      sweptAt.push(clock.now().toISOString());
      if (sweptAt.length === 4) ending.abort();
      return Promise.resolve();
    };
    await follow(context, { sweepMs: hour, sweep });
    expect(sweptAt.map((at) => at.slice(8, 13))).toEqual(['01T05', '02T00', '02T01', '02T02']);
    expect(Math.max(...hours)).toBe(5);
  });

  it('a server that was away is left in peace until they begin again', async () => {
    using ledger = openLedger(join(folder, 'away.sqlite'));
    const { context, clock } = openNight(ledger, 5);
    const askedAt: string[] = [];
    await persist(context, () => {
      askedAt.push(clock.now().toISOString().slice(8, 16));
      const away = transientFailure('ORTHANC_UNREACHABLE', 'It is away.', { retryAfterMs: 2 * hour });
      return askedAt.length === 1 ? Promise.reject(away) : Promise.resolve();
    });
    expect(askedAt).toEqual(['01T05:00', '02T00:00']);
  });

  it('a list of studies is read on when they begin again', async () => {
    using ledger = openLedger(join(folder, 'list.sqlite'));
    const { context, source, clock, hours, note } = openNight(ledger, 5);
    source.studies.pages = async function* () {
      for (const [at, id] of ['one', 'two', 'three'].entries()) {
        note();
        await clock.sleep(hour / 2);
        yield { ids: [id], isLast: at === 2 };
      }
    };
    await persist(context, feedExisting);
    expect([hours, ledger.tally().waiting]).toEqual([[5, 5, 5, 0], 3]);
  });
});
