import { describe, expect, it } from '@jest/globals';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { batchParts, largeInstance, planShipments, wholeStudy } from './plan-shipments.ts';

const stored = (id: string, seriesId: string, size = 1000) => ({ id, seriesId, size }) as StoredInstance;
const series = (name: string, count: number, size?: number) =>
  Array.from({ length: count }, (_, index) => stored(`${name}-${String(index)}`, name, size));
const both = { retrieves: true, batches: 'stow' } as const;
const shape = (shipments: ReturnType<typeof planShipments>) =>
  shipments.map(({ by, instances }) => [by, instances.length]);

describe('planShipments', () => {
  const all = [...series('a', 10), ...series('b', 5)];

  it('plans nothing when nothing is missing', () => {
    expect(planShipments([], all, both)).toEqual([]);
  });

  it('retrieves a study that is missing as a whole with one request', () => {
    expect(shape(planShipments(all, all, both))).toEqual([['study', 15]]);
  });

  it('retrieves by series what is too large for one request', () => {
    const many = Math.floor(wholeStudy / 1500);
    const large = [...series('a', many, 1000), ...series('b', many, 1000)];
    expect(shape(planShipments(large, large, both))).toEqual([
      ['series', many],
      ['series', many],
    ]);
  });

  it('never retrieves instances that are there already', () => {
    const missing = [...series('a', 10).slice(3), ...series('b', 5)];
    expect(shape(planShipments(missing, all, both))).toEqual([
      ['batch', 7],
      ['series', 5],
    ]);
  });

  it('streams large images alone, each missing one exactly once', () => {
    const mixed = [...series('a', 3), stored('film', 'a', largeInstance + 1)];
    const plan = planShipments(mixed, mixed, both);
    expect(shape(plan)).toEqual([
      ['batch', 3],
      ['single', 1],
    ]);
    expect(new Set(plan.flatMap(({ instances }) => instances))).toEqual(new Set(mixed));
  });

  it('keeps batches within their limits', () => {
    const many = series('a', batchParts * 2 + 1);
    const plan = planShipments(many.slice(1), many, both);
    expect(shape(plan)).toEqual([
      ['batch', batchParts],
      ['batch', batchParts],
    ]);
  });

  it.each(['stow', 'zip'] as const)('sends each large image by itself, small ones by: %s', (batches) => {
    const large = series('b', 20, 500_000);
    const mixed = [...series('a', 10), ...large];
    expect(shape(planShipments(large, large, { ...both, batches }))).toEqual([['each', 20]]);
    expect(shape(planShipments(mixed, mixed, { retrieves: false, batches }))).toEqual([
      ['batch', 10],
      ['each', 20],
    ]);
    expect(shape(planShipments(mixed, mixed, both))).toEqual([
      ['series', 10],
      ['each', 20],
    ]);
  });
});
