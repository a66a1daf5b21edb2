import { describe, expect, it } from '@jest/globals';
import { type Belonging, keyOf } from './belonging.ts';
import { planBelongings } from './plan-belongings.ts';

const resource = { level: 'Study', id: 'x' } as const;
const rules = { onConflict: 'report', removes: false } as const;

function metadata(value: string): Map<string, Belonging> {
  const key = keyOf(resource, 'metadata', '1024');
  return new Map([[key, { key, resource, kind: 'metadata', name: '1024', digest: value, value }]]);
}
const nothing = new Map<string, never>();
const remembered = (value: string) => new Map([[keyOf(resource, 'metadata', '1024'), value]]);

const valuesOf = (belongings: readonly Belonging[]) => belongings.map(({ value }) => value);

describe('a plan of belongings', () => {
  it('brings what the destination lacks', () => {
    const plan = planBelongings({ here: metadata('a'), there: nothing, remembered: nothing }, rules);
    expect(valuesOf(plan.bring)).toEqual(['a']);
  });

  it('does nothing where both sides are equal', () => {
    const plan = planBelongings({ here: metadata('a'), there: metadata('a'), remembered: nothing }, rules);
    expect(plan).toEqual({ bring: [], remove: [], conflicts: [] });
  });

  it('follows the source where nobody has touched what was equal once', () => {
    const view = { here: metadata('b'), there: metadata('a'), remembered: remembered('a') };
    expect(valuesOf(planBelongings(view, rules).bring)).toEqual(['b']);
  });

  it('reports what the users of the destination have set, unless the source is to win', () => {
    const view = { here: metadata('b'), there: metadata('own'), remembered: remembered('a') };
    expect(planBelongings(view, rules)).toMatchObject({ bring: [], conflicts: [{ value: 'b' }] });
    const wins = planBelongings(view, { ...rules, onConflict: 'source' });
    expect(wins).toMatchObject({ bring: [{ value: 'b' }], conflicts: [] });
  });

  it('takes away what it has brought and the source has no longer, only where told to', () => {
    const view = { here: nothing, there: metadata('a'), remembered: remembered('a') };
    expect(planBelongings(view, rules).remove).toEqual([]);
    expect(valuesOf(planBelongings(view, { ...rules, removes: true }).remove)).toEqual(['a']);
  });

  it('never takes away what it has not brought, or what was changed since', () => {
    const asked = { ...rules, removes: true };
    const own = { here: nothing, there: metadata('own') };
    expect(planBelongings({ ...own, remembered: nothing }, asked).remove).toEqual([]);
    expect(planBelongings({ ...own, remembered: remembered('a') }, asked).remove).toEqual([]);
  });
});
