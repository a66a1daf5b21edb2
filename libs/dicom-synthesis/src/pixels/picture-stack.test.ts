import { expect, it } from '@jest/globals';
import type { ImageContent } from '../iods/iod.ts';
import { pictureStacks } from './picture-stack.ts';

const drawing = (drawn: number[]): ImageContent => ({
  usualSize: 1,
  bitsStored: 12,
  ink: 1,
  paint: (position) => {
    drawn.push(position);
    return { background: Math.round(position * 100), noise: 3, shapes: [] };
  },
});

const all = Array.from({ length: 12 }, (_, at) => at);

it('draws each picture once while there is room', () => {
  const drawn: number[] = [];
  const stack = pictureStacks()('CT', drawing(drawn), { rows: 64, columns: 64 });
  for (const at of [...all, ...all]) stack(at, 12);
  expect(drawn).toHaveLength(12);
});

it('keeps no more than it may, and draws the same again', () => {
  const drawn: number[] = [];
  const stack = pictureStacks(64 * 1024)('CT', drawing(drawn), { rows: 64, columns: 64 });
  const [first] = all.map((at) => stack(at, 12));
  expect(drawn).toHaveLength(12);
  for (const at of all.slice(-8)) stack(at, 12);
  expect(drawn).toHaveLength(12);
  expect(stack(0, 12)).toEqual(first);
  expect(drawn).toHaveLength(13);
});
