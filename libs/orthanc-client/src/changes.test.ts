import { describe, expect, it } from '@jest/globals';
import type { Ask } from './ask.ts';
import { readChanges } from './changes.ts';

const id = '4eb4d1e6-cefbbc81-4baa0ed6-d1e89fdb-2b037440';
const entry = (Seq: number, ChangeType: string, ID?: string) => ({
  ChangeType,
  Date: '20261124T002904',
  ResourceType: 'Study',
  Seq,
  ...(ID !== undefined && { ID, Path: `/studies/${ID}` }),
});
const log = { Changes: [entry(3, 'NewStudy', id), entry(4, 'StableStudy', id)], Done: false, Last: 4 };

function scene() {
  const paths: string[] = [];
  const ask: Ask = ({ path }, parse) => {
    paths.push(path);
    return Promise.resolve(parse(log));
  };
  return { ask, paths };
}

const ordered = { mayComeLate: false };

describe('readChanges', () => {
  it('reads a page and where to go on', async () => {
    const { ask, paths } = scene();
    expect(await readChanges(ask, { since: 2, limit: 100, ...ordered, canFilter: true })).toEqual({
      changes: [
        { sequence: 3, type: 'NewStudy', at: '20261124T002904', resourceType: 'Study', id },
        { sequence: 4, type: 'StableStudy', at: '20261124T002904', resourceType: 'Study', id },
      ],
      isDone: false,
      last: 4,
      passedOver: [],
    });
    expect(paths).toEqual(['/changes?since=2&limit=100']);
  });

  it('lets the server filter where it can, and filters itself in any case', async () => {
    const { ask, paths } = scene();
    const query = { since: 2, limit: 100, types: ['StableStudy', 'NewSeries'], ...ordered };
    for (const canFilter of [true, false]) {
      const { changes, last } = await readChanges(ask, { ...query, canFilter });
      expect(changes.map(({ sequence }) => sequence)).toEqual([4]);
      expect(last).toBe(4);
    }
    expect(paths).toEqual([
      '/changes?since=2&limit=100&type=StableStudy;NewSeries',
      '/changes?since=2&limit=100',
    ]);
  });

  it('reads all types where entries may come late, and tells which numbers it has passed over', async () => {
    const { ask, paths } = scene();
    const query = { limit: 100, types: ['StableStudy'], canFilter: true, mayComeLate: true };
    const page = await readChanges(ask, { ...query, since: 0 });
    // What was filtered out has its number all the same.
    expect(page.changes.map(({ sequence }) => sequence)).toEqual([4]);
    expect(page.passedOver).toEqual([{ from: 1, to: 2 }]);
    expect((await readChanges(ask, { ...query, since: 2 })).passedOver).toEqual([]);
    expect(paths).toEqual(['/changes?since=0&limit=100', '/changes?since=2&limit=100']);
  });
});
