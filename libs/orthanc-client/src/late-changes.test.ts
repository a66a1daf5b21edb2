import { describe, expect, it } from '@jest/globals';
import type { Ask } from './ask.ts';
import { type ChangeQuery, readChanges } from './changes.ts';
import { feedLateChanges, forgetPassedOver, notePassedOver } from './late-changes.ts';

const id = (sequence: number) => `4eb4d1e6-cefbbc81-4baa0ed6-d1e89fdb-${String(sequence).padStart(8, '0')}`;

/** A change log whose entries become visible in the order in which they are committed. */
function openLog() {
  const visible = new Map<number, string>();
  const paths: string[] = [];
  const ask: Ask = ({ path }, parse) => {
    paths.push(path);
    const query = new URL(path, 'http://orthanc').searchParams;
    const [since, limit] = [Number(query.get('since')), Number(query.get('limit'))];
    const behind = [...visible.keys()].filter((one) => one > since).sort((a, b) => a - b);
    const told = behind.slice(0, limit);
    const Changes = told.map((Seq) => ({
      ...{ Seq, ChangeType: visible.get(Seq), Date: '20260131T235959' },
      ...{ ResourceType: 'Instance', ID: id(Seq) },
    }));
    const newest = Math.max(0, ...visible.keys());
    const Last = told.at(-1) ?? Math.min(since, newest);
    return Promise.resolve(parse({ Changes, Done: told.length === behind.length, Last }));
  };
  const commit = (sequences: readonly number[], type = 'NewInstance') => {
    for (const sequence of sequences) visible.set(sequence, type);
  };
  const read = (query: ChangeQuery) => readChanges(ask, { ...query, canFilter: true, mayComeLate: true });
  return { commit, empty: () => visible.clear(), source: { changes: { read } }, paths };
}

/** Somebody who follows the log and may die: the ledger stays. */
function openScene() {
  const log = openLog();
  const values = new Map<string, string>();
  const ledger = {
    cursor: (name: string) => values.get(name),
    setCursor: (name: string, value: string) => void values.set(name, value),
  };
  const at = { ms: 0 };
  const clock = { now: () => new Date(at.ms) };
  const fed: number[] = [];
  const types = ['NewInstance'];
  const { signal } = new AbortController();
  const poll = async () => {
    at.ms += 1000;
    const since = Number(ledger.cursor('position') ?? 99);
    const page = await log.source.changes.read({ since, limit: 100, types });
    if (page.last < since) forgetPassedOver(ledger);
    notePassedOver(page, since, { ledger, clock });
    fed.push(...page.changes.map(({ sequence }) => sequence));
    ledger.setCursor('position', String(page.last));
    const enter = (late: readonly { sequence: number }[]) =>
      Promise.resolve(void fed.push(...late.map(({ sequence }) => sequence)));
    await feedLateChanges({ ...log, ledger, clock, types, signal, enter });
  };
  return { ...log, poll, fed, at, ledger, clock, types, signal };
}

describe('an entry that appears after later ones were read', () => {
  it('is entered, once', async () => {
    const { commit, poll, fed } = openScene();
    commit([100, 102]);
    await poll();
    expect(fed).toEqual([100, 102]);
    commit([101]);
    for (let polls = 0; polls < 20; polls++) await poll();
    expect(fed).toEqual([100, 102, 101]);
  });

  it('is entered by who comes after one that died, however late that is', async () => {
    const { commit, poll, fed, at } = openScene();
    commit([100, 102]);
    await poll();
    commit([101]);
    at.ms += 86_400_000;
    await poll();
    expect(fed).toEqual([100, 102, 101]);
  });

  it('is asked for again where entering it has failed', async () => {
    const { commit, poll, fed, at, source, ledger, clock, signal } = openScene();
    commit([100, 102]);
    await poll();
    commit([101]);
    at.ms += 1000;
    const enter = () => Promise.reject(new Error('away'));
    await expect(feedLateChanges({ source, ledger, clock, signal, enter })).rejects.toThrow('away');
    await poll();
    expect(fed).toEqual([100, 102, 101]);
  });

  it('is none of theirs where it is of another type, and closes its hole', async () => {
    const { commit, poll, fed, paths } = openScene();
    commit([100, 102]);
    await poll();
    commit([101], 'NewStudy');
    await poll();
    await poll();
    const asked = paths.length;
    await poll();
    expect([fed, paths.length]).toEqual([[100, 102], asked + 1]);
  });
});

it('asks for a number that stays empty a few times, and then no more', async () => {
  const { commit, poll, at, paths } = openScene();
  commit([100, 102]);
  for (let polls = 0; polls < 400; polls++) await poll();
  const asked = paths.filter((path) => path.includes('limit=1&') || path.endsWith('limit=1'));
  expect(new Set(asked)).toEqual(new Set(['/changes?since=100&limit=1']));
  expect([asked.length, at.ms]).toEqual([10, 400_000]);
});

it('reads what appears in a wide hole page by page', async () => {
  const { commit, poll, fed } = openScene();
  commit([100, 10_000]);
  await poll();
  const late = Array.from({ length: 9000 }, (_, at) => 500 + at);
  commit(late);
  await poll();
  await poll();
  expect(fed).toEqual([100, 10_000, ...late]);
});

it('forgets what was passed over in a log that was emptied', async () => {
  const { commit, empty, poll, fed, paths } = openScene();
  commit([100, 102]);
  await poll();
  empty();
  await poll();
  paths.length = 0;
  await poll();
  expect([fed, paths]).toEqual([[100, 102], ['/changes?since=0&limit=100']]);
});

it('asks nothing more where nothing is passed over', async () => {
  const { commit, poll, paths, ledger } = openScene();
  commit([100, 101]);
  await poll();
  await poll();
  expect(paths).toEqual(['/changes?since=99&limit=100', '/changes?since=101&limit=100']);
  expect(ledger.cursor('log holes')).toBeUndefined();
});
