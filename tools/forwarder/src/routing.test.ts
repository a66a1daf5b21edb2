import { describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '@orthanc-tools/work-ledger';
import { type Routing, decidedUnder, readRouting, rememberRouting } from './routing.ts';

const instance = (id: string) => ({ id, seriesId: 's' });

/** Remembers one routing after the other; instances `a` and `b` of the series `s`. */
const rememberAll = (...routings: Record<string, string[]>[]): Routing =>
  rememberUnder(routings.map((routing) => ({ routing, serial: 0 }))).routing;

/** The same, each under a configuration; `x` and `y` are its destinations. */
function rememberUnder(decisions: readonly { routing: Record<string, string[]>; serial: number }[]) {
  using ledger = openLedger(join(mkdtempSync(join(tmpdir(), 'routing-')), 'l.sqlite'));
  ledger.enqueue([{ key: 'u' }]);
  const instances = [instance('a'), instance('b')];
  let withdrawnFrom: readonly string[] = [];
  for (const { routing, serial } of decisions)
    ({ withdrawnFrom } = rememberRouting(ledger, 'u', {
      routing: new Map(Object.entries(routing)),
      instances,
      configuration: { serial, destinations: ['x', 'y'] },
    }));
  return { routing: readRouting(ledger, 'u'), withdrawnFrom, serial: decidedUnder(ledger, 'u') };
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

describe('another configuration', () => {
  it('decides anew, and tells from whom something is withdrawn', () => {
    expect(
      rememberUnder([
        { routing: { s: ['x', 'y'] }, serial: 0 },
        { routing: { s: ['x'] }, serial: 1 },
      ]),
    ).toEqual({ routing: new Map([['s', ['x']]]), withdrawnFrom: ['y'], serial: 1 });
  });

  it('is remembered for good as long as it is the same', () => {
    expect(
      rememberUnder([
        { routing: { s: ['x'] }, serial: 1 },
        { routing: { s: ['y'] }, serial: 1 },
      ]),
    ).toEqual({ routing: new Map([['s', ['x', 'y']]]), withdrawnFrom: [], serial: 1 });
  });

  it('says nothing of a destination that is not configured any more', () => {
    expect(
      rememberUnder([
        { routing: { s: ['gone', 'x'] }, serial: 0 },
        { routing: { s: ['y'] }, serial: 1 },
      ]),
    ).toMatchObject({ routing: new Map([['s', ['gone', 'y']]]), withdrawnFrom: ['x'] });
  });

  it('decides anew also by instance where it was by series, and the other way round', () => {
    const bySeries = { routing: { s: ['x', 'y'] }, serial: 1 };
    const byInstance = { routing: { a: ['x'], b: [] }, serial: 2 };
    expect(rememberUnder([bySeries, byInstance])).toMatchObject({
      routing: new Map([
        ['a', ['x']],
        ['b', []],
      ]),
      withdrawnFrom: ['x', 'y'],
    });
    expect(rememberUnder([byInstance, { routing: { s: ['y'] }, serial: 3 }])).toMatchObject({
      routing: new Map([
        ['a', ['y']],
        ['b', ['y']],
        ['s', ['y']],
      ]),
      withdrawnFrom: ['x'],
    });
  });
});
