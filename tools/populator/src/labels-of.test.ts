import { describe, expect, it } from '@jest/globals';
import { labelsOf } from './labels-of.ts';

const choice = { seed: '42', labels: ['A', 'B', 'C'], maxLabels: 3 };
const first200 = (seed: string) => Array.from({ length: 200 }, (_, at) => labelsOf(at, { ...choice, seed }));

describe('the labels of a study', () => {
  it('follow from seed and index', () => {
    expect(first200('42')).toEqual(first200('42'));
    expect(first200('42')).not.toEqual(first200('43'));
  });

  it('are none to as many as asked for, each once', () => {
    const counts = new Set(first200('42').map(({ length }) => length));
    expect([...counts].sort()).toEqual([0, 1, 2, 3]);
    expect(first200('42').every((labels) => new Set(labels).size === labels.length)).toBe(true);
  });

  it('are none where none are offered', () => {
    expect(labelsOf(1, { ...choice, labels: [] })).toEqual([]);
    expect(labelsOf(1, { ...choice, maxLabels: 0 })).toEqual([]);
  });
});
