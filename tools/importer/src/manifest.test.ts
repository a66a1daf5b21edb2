import { describe, expect, it } from '@jest/globals';
import type { ItemRow } from '@orthanc-tools/work-ledger';
import { linesInPortions } from './manifest.ts';

const note = JSON.stringify({ status: 'stored', size: 10 });
const rowOf = (key: string): ItemRow => ({
  ...{ key, state: 'done', outcome: 'stored', proof: 'id+md5', bytes: 10 },
  ...{ code: '', message: '', mark: '', note, at: 0 },
});

/** A ledger of files, the first of them an archive with so many members. */
function ledgerOf(files: number, members: number) {
  const named = (name: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${name}${String(at).padStart(5, '0')}`);
  const keys = named('file', files);
  const parts = named('member', members);
  const page = (all: readonly string[], { limit, after = '' }: { limit: number; after?: string }) =>
    all.filter((one) => one > after).slice(0, limit);
  return {
    rows: (asked: { limit: number; after?: string }) => page(keys, asked).map(rowOf),
    partNotes: (key: string, asked: { limit: number; after?: string }) =>
      key === keys[0] ? page(parts, asked).map((part) => ({ part, note })) : [],
    verdict: () => undefined,
    paths: [...keys.slice(0, 1), ...parts.map((part) => `file00000!${part}`), ...keys.slice(1)],
  };
}

describe('the lines of a manifest', () => {
  it('are written many at a time, in order, and so many as are held without harm', () => {
    const ledger = ledgerOf(2100, 1500);
    const portions = [...linesInPortions(ledger)];
    expect(portions.flat().map(({ path }) => path)).toEqual(ledger.paths);
    expect(portions.length).toBeLessThan(ledger.paths.length / 100);
    expect(Math.max(...portions.map(({ length }) => length))).toBeLessThanOrEqual(1000);
  });

  it('are none of an empty ledger', () => {
    expect([...linesInPortions(ledgerOf(0, 0))]).toEqual([]);
  });
});
