import { describe, expect, it } from '@jest/globals';
import { drawChart } from './draw-chart.ts';

/** Of each label below the bars: where it begins and ends, by a width that no letter exceeds. */
function labelsIn(svg: string): { readonly from: number; readonly to: number }[] {
  return Array.from(svg.matchAll(/x="([\d.]+)" y="\d+" text-anchor="middle">([^<]+)</g), ([, x, text]) => {
    const half = ((text ?? '').length * 7) / 2;
    return { from: Number(x) - half, to: Number(x) + half };
  });
}

describe('the labels below a chart', () => {
  it.each([
    ['days', 10],
    ['weeks', 18],
    ['long words', 40],
  ])('stand beside each other, and within the picture: %s', (_, length) => {
    for (let count = 1; count <= 124; count += 1) {
      const bars = Array.from({ length: count }, () => ({ label: 'x'.repeat(length), values: [1] }));
      const labels = labelsIn(
        drawChart({ is: 'chart', heading: 'Days', parts: [{ title: 'all', tone: 'good' }], bars }),
      );
      expect(labels.length).toBeGreaterThan(0);
      for (const [at, { from, to }] of labels.entries()) {
        expect(from).toBeGreaterThanOrEqual(labels[at - 1]?.to ?? 0);
        expect(to).toBeLessThanOrEqual(960);
      }
    }
  });
});
