import { expect, it } from '@jest/globals';
import { evenSample } from './even-sample.ts';

it('holds all of few, and few of many, spread over all of them', () => {
  const sample = evenSample<number>(8);
  for (let value = 0; value < 8; value += 1) sample.add(value);
  expect(sample.values).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  for (let value = 8; value < 100; value += 1) sample.add(value);
  expect(sample.values).toEqual([0, 16, 32, 48, 64, 80, 96]);
});
