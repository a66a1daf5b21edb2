import { describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '@orthanc-tools/work-ledger';
import { type Routing, readRouting, rememberRouting } from './routing.ts';

const instance = (id: string) => ({ id, seriesId: 's' });

/** Remembers one routing after the other; instances `a` and `b` of the series `s`. */
function rememberAll(...routings: Record<string, string[]>[]): Routing {
  using ledger = openLedger(join(mkdtempSync(join(tmpdir(), 'routing-')), 'l.sqlite'));
  ledger.enqueue([{ key: 'u' }]);
  const instances = [instance('a'), instance('b')];
  for (const routing of routings)
    rememberRouting(ledger, 'u', { routing: new Map(Object.entries(routing)), instances });
  return readRouting(ledger, 'u');
}

describe('who is to have what', () => {
  it('is remembered for good', () => {
    expect(rememberAll({ s: ['x'] }, { s: ['y'] })).toEqual(new Map([['s', ['x', 'y']]]));
  });

  it('holds for what a series consisted of, and for nothing that comes, once each is asked for', () => {
    expect(rememberAll({ s: ['x'] }, { a: ['y'], b: [] })).toEqual(
      new Map([
        ['a', ['x', 'y']],
        ['b', ['x']],
      ]),
    );
  });

  it('is that of the series again where none is asked for any more', () => {
    expect(rememberAll({ a: ['x'], b: [] }, { s: ['y'] })).toEqual(
      new Map([
        ['a', ['x', 'y']],
        ['b', ['y']],
        ['s', ['y']],
      ]),
    );
  });
});
