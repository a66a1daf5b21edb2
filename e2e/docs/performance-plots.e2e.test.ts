import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { repository } from './read-pages.ts';

const page = await readFile(join(repository, 'docs/performance.md'), 'utf8');
const plots = Array.from(page.matchAll(/```mermaid\n([^]*?)```/g), ([, plot = '']) => plot);
const cells = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .flatMap((line) => line.split('|').map((cell) => cell.trim().replaceAll(',', '')));

describe('the plots of the page of performance', () => {
  it.each(plots)('show what its tables tell: plot %#', (plot) => {
    const drawn = [...plot.matchAll(/^ *(?:bar|line) \[(.*)\]$/gm)].flatMap(([, list = '']) =>
      list.split(/, */),
    );
    expect(drawn.length).toBeGreaterThan(2);
    expect(drawn.filter((figure) => !cells.includes(figure))).toEqual([]);
  });

  it('are there', () => {
    expect(plots.length).toBeGreaterThan(0);
  });
});
